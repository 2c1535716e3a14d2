import CUnwind
import Glibc

/// Names as people write them.
enum Demangling {
  /// The readable form of a symbol of C++, Swift or Rust; the name itself when it is none of them.
  static func readable(_ symbol: String) -> String {
    // Versions of the dynamic linker: malloc@@GLIBC_2.2.5.
    var name = symbol.firstIndex(of: "@").map { String(symbol[..<$0]) } ?? symbol
    // glibc's names for calls within itself.
    if name.hasPrefix("__GI_") { name.removeFirst(5) }
    if name.hasPrefix("_Z") { return taken(hs_demangle_cxx(name)).map(withoutRustHash) ?? name }
    if name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("_$s") || name.hasPrefix("_T0") {
      return taken(hs_demangle_swift(name)) ?? name
    }
    return name
  }

  /// Takes over a text that the demangler has allocated.
  private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
    guard let text else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// Rust's older names are C++ names with a hash as the last part: `core::fmt::write::h0123456789abcdef`.
  private static func withoutRustHash(_ name: String) -> String {
    let bytes = name.utf8.suffix(19)
    guard bytes.count == 19, bytes.starts(with: "::h".utf8),
      bytes.dropFirst(3).allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return name }
    return String(name.dropLast(19))
  }
}
