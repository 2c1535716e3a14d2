import Glibc

/// Bytes from outside that are meant as text, but need not be: arguments, the environment, names of files.
///
/// Linux hands on bytes; a `String` is valid UTF-8. Bytes that are not stand in it as scalars of a private-use plane, one for
/// each (U+F0080 to U+F00FF), so that the same bytes come out again: `bytes(of: text(of: x)) == x` for all x. Where these scalars
/// themselves are in the bytes, they are kept as four bytes each. Reports write them as `\xff`.
public enum ByteText {
  private static let first: UInt32 = 0xF0000

  /// The byte for which a scalar stands; nil for all others.
  public static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= first + 0x80 && scalar.value <= first + 0xFF
      ? UInt8(truncatingIfNeeded: scalar.value) : nil
  }

  /// Bytes as a text.
  public static func text(of bytes: [UInt8]) -> String {
    // Scalars of plane 15 begin with F3 B0.
    if !bytes.contains(0xF3), let text = String(validating: bytes, as: UTF8.self) { return text }
    var result = ""
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var place = 0
    while true {
      var count: Int
      switch parser.parseScalar(from: &rest) {
      case .emptyInput: return result
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        count = encoded.count
        if byte(of: scalar) == nil {
          result.unicodeScalars.append(scalar)
          place += count
          continue
        }
      case .error(let length): count = length
      }
      for byte in bytes[place..<place + count] {
        if let scalar = Unicode.Scalar(first + UInt32(byte)) { result.unicodeScalars.append(scalar) }
      }
      place += count
    }
  }

  /// The bytes of a C string as a text.
  public static func text(of pointer: UnsafePointer<CChar>) -> String {
    text(of: UnsafeBufferPointer(start: pointer, count: strlen(pointer)).map { UInt8(bitPattern: $0) })
  }

  /// The bytes for which a text stands.
  public static func bytes(of text: String) -> [UInt8] {
    guard hasRawBytes(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// Whether some of its bytes are no text.
  public static func hasRawBytes(_ text: String) -> Bool {
    text.utf8.contains(0xF3) && text.unicodeScalars.contains { byte(of: $0) != nil }
  }

  /// Calls `body` with the bytes as a C string, for system calls that take a path.
  public static func withCString<Result>(_ text: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard hasRawBytes(text) else { return text.withCString(body) }
    return (bytes(of: text) + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { place in
        place.baseAddress.map(body) ?? "".withCString(body)
      }
    }
  }

  /// The arguments with which this program was started, its own name first.
  public static let arguments: [String] = {
    var result: [String] = []
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index] else { break }
      result.append(text(of: argument))
    }
    return result
  }()

  /// The environment with which this program was started; of a name that comes twice the first value, as getenv(3) has it.
  public static let environment: [String: String] = {
    var result: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let whole = UnsafeBufferPointer(start: entry, count: strlen(entry)).map { UInt8(bitPattern: $0) }
      if let sign = whole.firstIndex(of: UInt8(ascii: "=")) {
        let name = text(of: Array(whole[..<sign]))
        if result[name] == nil { result[name] = text(of: Array(whole[(sign + 1)...])) }
      }
      next += 1
    }
    return result
  }()
}
