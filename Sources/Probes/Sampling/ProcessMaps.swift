/// What is mapped into a process now (proc_pid_maps(5)).
///
/// Read in every trial, so bytes are gone through once, and only what is asked for becomes a text.
enum ProcessMaps {
  /// All mappings; empty when the process is gone or may not be looked at.
  static func read(pid: Int32) -> [MappedRegion] {
    parse(ProcText.bytes("/proc/\(pid)/maps") ?? [], pid: pid)
  }

  /// Paths of files among mappings, each once, in the order of addresses.
  static func files(_ text: [UInt8]) -> [String] {
    var files: [String] = []
    var seen: Set<String> = []
    visit(text) { line, path in
      // The mappings of one file follow each other.
      guard path.first == UInt8(ascii: "/"), !isEqual(path, files.last) else { return true }
      let path = String(decoding: path, as: UTF8.self)
      if seen.insert(path).inserted { files.append(path) }
      return true
    }
    return files
  }

  /// The lowest address at which a file is mapped whose path ends so; nil when there is none.
  static func firstAddress(of file: String, in text: [UInt8]) -> UInt64? {
    var found: UInt64?
    visit(text) { line, path in
      if String(decoding: path, as: UTF8.self).hasSuffix(file) { found = line.start }
      return found == nil
    }
    return found
  }

  /// Lines such as `7f00-7f01 r-xp 00001000 fe:00 123    /usr/lib/a b.so`.
  static func parse(_ text: [UInt8], pid: Int32) -> [MappedRegion] {
    var regions: [MappedRegion] = []
    visit(text) { line, path in
      regions.append(
        MappedRegion(
          pid: pid, start: line.start, length: line.end - line.start, fileOffset: line.offset,
          path: path.isEmpty ? anonymous : String(decoding: path, as: UTF8.self),
          isExecutable: line.isExecutable))
      return true
    }
    return regions
  }

  /// How perf calls memory without a file (PERF_RECORD_MMAP2).
  private static let anonymous = "//anon"

  private struct Line {
    var start: UInt64
    var end: UInt64
    var isExecutable: Bool
    var offset: UInt64
  }

  /// Calls `visitor` for each line that is one, with its path, which is empty where there is none, until it returns false.
  private static func visit(_ text: [UInt8], _ visitor: (Line, UnsafeBufferPointer<UInt8>) -> Bool) {
    text.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        var cursor = Cursor(bytes: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end + 1
        guard let line = line(&cursor) else { continue }
        guard visitor(line, cursor.rest()) else { return }
      }
    }
  }

  /// Takes all columns but the path; nil when something is missing.
  private static func line(_ cursor: inout Cursor) -> Line? {
    guard let start = cursor.hexadecimal(), cursor.skip(UInt8(ascii: "-")), let end = cursor.hexadecimal(),
      start < end, let rights = cursor.word(), rights.count >= 3, cursor.skip(UInt8(ascii: " ")),
      let offset = cursor.hexadecimal(), cursor.word() != nil, cursor.word() != nil
    else { return nil }
    return Line(start: start, end: end, isExecutable: rights[2] == UInt8(ascii: "x"), offset: offset)
  }

  private static func isEqual(_ path: UnsafeBufferPointer<UInt8>, _ text: String?) -> Bool {
    text?.utf8.elementsEqual(path) ?? false
  }
}

/// A place in one line of columns.
private struct Cursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The digits here; nil when there are none or more than 64 bits hold.
  mutating func hexadecimal() -> UInt64? {
    var value: UInt64 = 0
    let start = place
    while place < bytes.count, let digit = Cursor.digit(bytes[place]) {
      guard value >> 60 == 0 else { return nil }
      value = value << 4 | digit
      place += 1
    }
    return place > start ? value : nil
  }

  /// Passes one byte, if it is this one.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// The next word, after the spaces before it; nil at the end.
  mutating func word() -> UnsafeBufferPointer<UInt8>? {
    while skip(UInt8(ascii: " ")) {}
    let start = place
    while place < bytes.count, bytes[place] != UInt8(ascii: " ") { place += 1 }
    return place > start ? UnsafeBufferPointer(rebasing: bytes[start..<place]) : nil
  }

  /// All that is left, after the spaces before it.
  mutating func rest() -> UnsafeBufferPointer<UInt8> {
    while skip(UInt8(ascii: " ")) {}
    return UnsafeBufferPointer(rebasing: bytes[place...])
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte) - 55
    default: nil
    }
  }
}
