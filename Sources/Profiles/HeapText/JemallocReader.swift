/// Reads jemalloc's heap profiles.
///
///     heap_v2/524288
///       t*: 28106: 56637512 [0: 0]
///     @ 0x5f86da8 0x5f5a1dc 0x29e4d4e
///       t*: 13: 6688 [0: 0]
///       t3: 12: 6496 [0: 0]
///     MAPPED_LIBRARIES:
///
/// `t*` sums over all threads; the lines of single threads are left out. All values are samples, since even
/// lg_prof_sample:0 goes through the same file. With prof_unbias (5.3 and later) jemalloc writes counts that
/// come out right by the same scaling.
/// Source: jemalloc(3), "HEAP PROFILE FORMAT", and files that libjemalloc.so.2 wrote.
enum JemallocReader {
  /// What the first line begins with.
  static let start = "heap_v2/"

  /// Reads the lines of a file.
  static func read(_ lines: [Substring], file: String) throws(ProfilesError) -> RawHeapProfile {
    let digits = (lines.first ?? "").dropFirst(start.count).prefix { $0.isASCII && $0.isNumber }
    guard let rate = Double(digits), rate >= 1, rate.isFinite else {
      throw .damaged(file: file, reason: "its first line names no mean distance of samples")
    }
    var contents = JemallocContents(
      file: file,
      builder: HeapTextBuilder(format: .jemalloc, sampling: rate > 1 ? .poisson(rate: rate) : .all))
    for (offset, line) in lines.enumerated().dropFirst() { try contents.add(line, number: offset + 1) }
    return contents.finished()
  }
}

/// What was read so far of a file.
private struct JemallocContents {
  let file: String
  var builder: HeapTextBuilder
  private var stack: [UInt64]?
  private var total: HeapLine.Counts?
  private var isInMappings = false

  init(file: String, builder: HeapTextBuilder) {
    self.file = file
    self.builder = builder
  }

  mutating func add(_ line: Substring, number: Int) throws(ProfilesError) {
    if isInMappings {
      if let mapping = HeapLine.mapping(line) { builder.mappings.append(mapping) }
    } else if line.hasPrefix("MAPPED_LIBRARIES:") {
      isInMappings = true
    } else if line.first == "@" {
      try close(before: number)
      guard let addresses = HeapLine.addresses(line.dropFirst()) else {
        throw .damaged(file: file, reason: "line \(number) has something else than addresses in a stack")
      }
      stack = addresses
    } else if let counts = try threadCounts(line, number: number), stack != nil {
      total = counts
    }
  }

  func finished() -> RawHeapProfile {
    var result = builder
    if let stack, let total { result.add(stack, total) }
    let notes =
      isInMappings
      ? [] : ["the file has no list of mapped files: it ends too early, and symbols cannot be found"]
    return result.finished(notes: notes)
  }

  /// The counts of the line of all threads; nil for other threads and for empty lines.
  private func threadCounts(_ line: Substring, number: Int) throws(ProfilesError) -> HeapLine.Counts? {
    let text = line.drop { $0 == " " }
    if text.isEmpty { return nil }
    guard text.first == "t", let colon = text.firstIndex(of: ":") else {
      throw .damaged(file: file, reason: "line \(number) is neither a stack nor a thread's counts")
    }
    guard text[..<colon] == "t*" else { return nil }
    guard let counts = HeapLine.counts(text[text.index(after: colon)...]) else {
      throw .damaged(file: file, reason: "line \(number) has no counts that can be read")
    }
    return counts
  }

  private mutating func close(before number: Int) throws(ProfilesError) {
    guard let finished = stack else { return }
    guard let counts = total else {
      throw .damaged(file: file, reason: "the stack before line \(number) has no counts of all threads")
    }
    builder.add(finished, counts)
    stack = nil
    total = nil
  }
}
