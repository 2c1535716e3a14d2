/// The lines of heap profiles in text form, as gperftools and jemalloc write them.
enum HeapLine {
  /// Objects and bytes: `live: bytes [allocated: bytes]`.
  struct Counts: Hashable {
    var liveObjects: UInt64
    var liveBytes: UInt64
    var allocatedObjects: UInt64
    var allocatedBytes: UInt64

    /// The sum; nil when it is more than 64 bits hold.
    func adding(_ other: Counts) -> Counts? {
      let sums = zip(parts, other.parts).map { $0.addingReportingOverflow($1) }
      guard sums.allSatisfy({ !$0.overflow }) else { return nil }
      let values = sums.map(\.partialValue)
      return Counts(
        liveObjects: values[0], liveBytes: values[1], allocatedObjects: values[2], allocatedBytes: values[3])
    }

    /// In the order in which they stand.
    var parts: [UInt64] { [liveObjects, liveBytes, allocatedObjects, allocatedBytes] }
  }

  /// `20000:  1280000 [ 20000:  1280000]`; nil when the text does not begin so.
  static func counts(_ text: Substring) -> Counts? {
    var rest = text
    guard let liveObjects = number(&rest), skip(":", in: &rest), let liveBytes = number(&rest),
      skip("[", in: &rest), let allocatedObjects = number(&rest), skip(":", in: &rest),
      let allocatedBytes = number(&rest), skip("]", in: &rest)
    else { return nil }
    return Counts(
      liveObjects: liveObjects, liveBytes: liveBytes, allocatedObjects: allocatedObjects,
      allocatedBytes: allocatedBytes)
  }

  /// Addresses between spaces; nil when one is none.
  static func addresses(_ text: Substring) -> [UInt64]? {
    var result: [UInt64] = []
    for word in text.split(separator: " ") {
      guard let address = hexadecimal(word.hasPrefix("0x") ? word.dropFirst(2) : word) else { return nil }
      result.append(address)
    }
    return result
  }

  /// A line of /proc/self/maps, which both copy into their files; nil when it is none or not of a file.
  static func mapping(_ line: Substring) -> RawHeapProfile.Mapping? {
    // start-end permissions offset device inode file; the file may contain spaces.
    let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
    guard fields.count == 6 else { return nil }
    let ends = fields[0].split(separator: "-")
    guard ends.count == 2, let start = hexadecimal(ends[0]), let end = hexadecimal(ends[1]), start < end,
      let offset = hexadecimal(fields[2])
    else { return nil }
    let file = fields[5].drop { $0 == " " }
    guard !file.isEmpty else { return nil }
    return .init(
      start: start, end: end, fileOffset: offset, file: String(file),
      isExecutable: fields[1].contains("x"), inode: UInt64(fields[4]).flatMap { $0 > 0 ? $0 : nil })
  }

  /// Behind the last address of a line of /proc/self/maps, also of memory without a file.
  static func end(ofMapping line: Substring) -> UInt64? {
    let ends = line.prefix { $0 != " " }.split(separator: "-")
    guard ends.count == 2, hexadecimal(ends[0]) != nil else { return nil }
    return hexadecimal(ends[1])
  }

  private static func hexadecimal(_ text: Substring) -> UInt64? {
    text.utf8.count <= 16 && text.first != "+" && text.first != "-" ? UInt64(text, radix: 16) : nil
  }

  private static func number(_ rest: inout Substring) -> UInt64? {
    rest = rest.drop { $0 == " " }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[digits.endIndex...]
    return UInt64(digits)
  }

  private static func skip(_ character: Character, in rest: inout Substring) -> Bool {
    rest = rest.drop { $0 == " " }
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }
}
