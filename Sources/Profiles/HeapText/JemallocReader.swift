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
/// come out right by the same scaling; the sums of the head are not scaled that way, and tell nothing.
/// Source: jemalloc(3), "HEAP PROFILE FORMAT", and files that libjemalloc.so.2 wrote.
enum JemallocReader {
  /// What the first line begins with.
  static let starts = ["heap_v2/", "heapz_v2/"]

  /// Reads the lines of a file. One whose symbols are known needs no list of mapped files.
  static func read(_ text: ProfileText, hasSymbols: Bool) throws(ProfilesError) -> RawHeapProfile {
    let head = text.lines.first ?? ""
    let digits = (head.firstIndex(of: "/").map { head[head.index(after: $0)...] } ?? "")
      .prefix { $0.isASCII && $0.isNumber }
    guard let rate = Double(digits), rate >= 1, rate.isFinite else {
      throw .damaged(file: text.file, reason: "its first line names no mean distance of samples")
    }
    var contents = JemallocContents(
      text: text,
      builder: HeapTextBuilder(format: .jemalloc, sampling: rate > 1 ? .poisson(rate: rate) : .all))
    for (index, line) in text.lines.enumerated().dropFirst() { try contents.add(line, at: index) }
    return try contents.finished(needsMappings: !hasSymbols)
  }
}

/// What was read so far of a file.
private struct JemallocContents {
  let text: ProfileText
  var builder: HeapTextBuilder
  private var stack: [UInt64]?
  private var total: HeapLine.Counts?
  private var isInMappings = false

  init(text: ProfileText, builder: HeapTextBuilder) {
    self.text = text
    self.builder = builder
  }

  mutating func add(_ line: Substring, at index: Int) throws(ProfilesError) {
    if isInMappings {
      builder.takeMapping(line)
    } else if line.hasPrefix("MAPPED_LIBRARIES:") {
      try close(before: index)
      isInMappings = true
    } else if line.first == "@" {
      try close(before: index)
      guard let addresses = HeapLine.addresses(line.dropFirst()) else {
        throw text.damage(index, "has something else than addresses in a stack")
      }
      stack = addresses
    } else if let counts = try threadCounts(line, at: index), stack != nil {
      total = counts
    }
  }

  func finished(needsMappings: Bool) throws(ProfilesError) -> RawHeapProfile {
    guard isInMappings || !needsMappings else { throw text.cut("before its list of mapped files") }
    var result = self
    try result.close(before: text.lines.count)
    return try result.builder.finished(of: text, notes: [])
  }

  /// The counts of the line of all threads; nil for other threads and for empty lines.
  private func threadCounts(_ line: Substring, at index: Int) throws(ProfilesError) -> HeapLine.Counts? {
    let words = line.drop { $0 == " " }
    if words.isEmpty { return nil }
    guard words.first == "t", let colon = words.firstIndex(of: ":") else {
      throw text.damage(index, "is neither a stack nor a thread's counts")
    }
    guard words[..<colon] == "t*" else { return nil }
    guard let counts = HeapLine.counts(words[words.index(after: colon)...]) else {
      throw text.damage(index, "has no counts that can be read")
    }
    return counts
  }

  private mutating func close(before index: Int) throws(ProfilesError) {
    guard let finished = stack else { return }
    guard let counts = total else {
      if index == text.lines.count { throw text.cut("within a stack") }
      throw .damaged(
        file: text.file,
        reason: "the stack before line \(text.skipped + index + 1) has no counts of all threads")
    }
    builder.add(finished, counts)
    stack = nil
    total = nil
  }
}
