import Model

/// Names that jeprof and gperftools' pprof put before a profile (`--raw`, and what a server answers with symbols):
///
///     --- symbol
///     binary=/srv/app/server
///     0x000055c5856891fc load<00000000000011f2>
///     0x000055c5856892a7 main--inlined
///     ---
///     --- heap
///     heap_v2/524288
///
/// An address lies within the call, one below the return address of the stack. Callers of inlined functions come first.
/// Source: jeprof and pprof of gperftools, "PrintSymbolizedProfile" and "FetchSymbols".
struct SymbolSection {
  /// What the first line is.
  static let start = "--- symbol"

  private var frames: [UInt64: [Frame]] = [:]
  private var binary = ""

  /// Reads the section; gives as well what stands behind it.
  ///
  /// Throws: `ProfilesError.damaged` when nothing does.
  static func read(_ text: ProfileText) throws(ProfilesError) -> (symbols: SymbolSection, rest: ProfileText) {
    var symbols = SymbolSection()
    var end: Int?
    for (index, line) in text.lines.enumerated().dropFirst() {
      if line == "---" {
        end = index
        break
      }
      if line.hasPrefix("binary=") {
        symbols.binary = String(line.dropFirst("binary=".count))
      } else if !line.isEmpty {
        guard symbols.add(line) else { throw text.damage(index, "is no address with its name") }
      }
    }
    guard let end else { throw text.cut("within its table of symbols") }
    // The next line names the kind: `--- heap`.
    let rest = text.dropping(end + 1)
    guard let marker = rest.lines.first, marker.hasPrefix("--- "), rest.lines.count > 1 else {
      throw text.cut(
        "behind its table of symbols, before any profile (jeprof --raw writes the profile only of a server, for URLs)"
      )
    }
    return (symbols, rest.dropping(1))
  }

  /// Names the places of a profile that have no name.
  func name(_ profile: RawHeapProfile) -> RawHeapProfile {
    var result = profile
    for index in result.places.indices where result.places[index].frames.isEmpty {
      let address = result.places[index].address
      guard var found = frames[address] else { continue }
      let object = profile.mapping(of: address)?.file ?? ""
      for frame in found.indices { found[frame].object = object }
      result.places[index].frames = found
    }
    // Without mapped files nothing but the names is known: an address without one stays as it is.
    return result
  }

  private mutating func add(_ line: Substring) -> Bool {
    guard let blank = line.firstIndex(of: " "), let address = HeapLine.addresses(line[..<blank])?.first
    else { return false }
    // The innermost inlined call stands last.
    let names = SymbolSection.parts(line[line.index(after: blank)...]).reversed()
    frames[address] = names.map { Frame(function: SymbolSection.plain($0), object: "") }
    return true
  }

  /// Names that stand between two hyphens; a C++ `operator--` is no such place.
  private static func parts(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var rest = text
    var from = rest.startIndex
    while let place = rest[from...].firstRange(of: "--") {
      if rest[..<place.lowerBound].hasSuffix("operator") || place.lowerBound == rest.startIndex {
        from = place.upperBound
        continue
      }
      parts.append(rest[..<place.lowerBound])
      rest = rest[place.upperBound...]
      from = rest.startIndex
    }
    return parts + [rest]
  }

  /// `site_large<00000000000011f2>` without the address of its symbol, `malloc@@GLIBC_2.2.5` without its version.
  private static func plain(_ name: Substring) -> String {
    var name = name
    if name.last == ">", let start = name.lastIndex(of: "<"),
      name[name.index(after: start)...].dropLast().allSatisfy(\.isHexDigit)
    {
      name = name[..<start]
    }
    if let version = name.firstRange(of: "@@") { name = name[..<version.lowerBound] }
    return name.isEmpty ? "[unknown]" : String(name)
  }
}
