import Glibc
import Model

/// Files under /proc, and the numbers in them. Read in every trial, so bytes are searched where a text would be decoded, split
/// and copied first.
enum ProcText {
  /// A whole file; nil when it cannot be read.
  static func read(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

  /// The bytes of a whole file, or of its beginning; nil when it cannot be read.
  static func bytes(_ path: String, atMost limit: Int = .max) -> [UInt8]? {
    let fd = open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var all: [UInt8] = []
    // The kernel makes such texts a page or a few at a time.
    let isWhole = withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { chunk in
      while all.count < limit {
        let count = Glibc.read(fd, chunk.baseAddress, min(chunk.count, limit - all.count))
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return count == 0 }
        all.append(contentsOf: chunk[..<count])
      }
      return true
    }
    return isWhole ? all : nil
  }

  /// The second number of a line such as statm's.
  static func secondNumber(in bytes: ArraySlice<UInt8>) -> Int64? {
    guard let first = bytes.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    return number(bytes[first...])
  }

  /// The value of a line `NAME:   1234 kB`.
  static func kibibytes(_ name: StaticString, in text: [UInt8]) -> Bytes? {
    lineValue(name, UInt8(ascii: ":"), in: text).flatMap(number).flatMap { value in
      value <= .max / 1024 ? .kibibytes(value) : nil
    }
  }

  /// The value of a line `NAME 1234`.
  static func count(_ name: StaticString, in text: [UInt8]) -> Int64? {
    lineValue(name, UInt8(ascii: " "), in: text).flatMap(number)
  }

  /// What follows a name and the byte after it, where a line begins with both.
  private static func lineValue(_ name: StaticString, _ end: UInt8, in text: [UInt8]) -> ArraySlice<UInt8>? {
    let place: Int? = name.withUTF8Buffer { name in
      text.withUnsafeBufferPointer { text in ProcText.place(after: name, end, in: text) }
    }
    return place.map { text[$0...] }
  }

  private static func place(
    after name: UnsafeBufferPointer<UInt8>, _ end: UInt8, in text: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard let base = text.baseAddress, let wanted = name.baseAddress else { return nil }
    var line = 0
    while text.count - line > name.count {
      if text[line + name.count] == end, memcmp(base + line, wanted, name.count) == 0 {
        return line + name.count + 1
      }
      guard let next = memchr(base + line, 0x0a, text.count - line) else { return nil }
      line = base.distance(to: next.assumingMemoryBound(to: UInt8.self)) + 1
    }
    return nil
  }

  /// The decimal number after blanks; nil when there is none or it does not fit.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    var digits = 0
    for byte in bytes.drop(while: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { break }
      let (tenfold, isTooMuch) = value.multipliedReportingOverflow(by: 10)
      let (sum, isMore) = tenfold.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      guard !isTooMuch, !isMore else { return nil }
      value = sum
      digits += 1
    }
    return digits > 0 ? value : nil
  }
}
