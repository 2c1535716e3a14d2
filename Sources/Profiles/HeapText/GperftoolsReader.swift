/// Reads heap profiles of gperftools (HEAPPROFILE of the full TCMalloc, and its sampled heaps) and Go's in text form.
///
///     heap profile:  20002:  9828608 [ 70002: 59828608] @ heapprofile
///     20000:  1280000 [ 20000:  1280000] @ 0x56134505e18e 0x56134505e23c
///     MAPPED_LIBRARIES:
///
/// What stands behind the first `@` says how objects were chosen: `heapprofile` has all of them, `heap_v2/524288` and
/// `heapz_v2/524288` samples. `heap/1048576` is Go's, with twice the mean distance of samples.
/// Sources: gperftools, docs/heapprofile.html, and files that libtcmalloc.so.4 wrote; runtime/pprof, `writeHeap`;
/// github.com/google/pprof, profile/legacy_profile.go, `parseHeapHeader`.
enum GperftoolsReader {
  /// What the first line begins with.
  static let start = "heap profile:"

  /// Reads the lines of a file. One whose symbols are known needs no list of mapped files.
  static func read(_ text: ProfileText, hasSymbols: Bool) throws(ProfilesError) -> RawHeapProfile {
    guard let head = text.lines.first, let total = HeapLine.counts(head.dropFirst(start.count)),
      let at = head.lastIndex(of: "@")
    else {
      throw text.isWhole || text.lines.count > 1
        ? .damaged(file: text.file, reason: "its first line is no head of a gperftools heap profile")
        : text.cut("in its first line")
    }
    let (sampling, isGo) = try sampling(head[head.index(after: at)...].drop { $0 == " " }, file: text.file)
    var contents = GperftoolsContents(
      text: text, builder: HeapTextBuilder(format: isGo ? .goText : .gperftools, sampling: sampling))
    for (index, line) in text.lines.enumerated().dropFirst() { try contents.add(line, at: index) }
    return try contents.finished(total: total, needsMappings: !isGo && !hasSymbols)
  }

  private static func sampling(_ kind: Substring, file: String) throws(ProfilesError) -> (HeapSampling, Bool)
  {
    let parts = kind.split(separator: "/", maxSplits: 1)
    let rate = parts.count > 1 ? Double(parts[1].prefix { $0.isASCII && $0.isNumber }) : nil
    switch parts.first {
    case "heapprofile": return (.all, false)
    case "heap_v2", "heapz_v2":
      guard let rate else { break }
      return (rate > 1 ? .poisson(rate: rate) : .all, false)
    case "heap":
      guard let rate else { return (.all, true) }
      return (rate > 2 ? .poisson(rate: rate / 2) : .all, true)
    default: break
    }
    throw .damaged(
      file: file,
      reason: """
        '\(kind.prefix(40))' is no known kind of heap profile; known are heapprofile, heap_v2/N, heapz_v2/N and heap/N
        """)
  }
}

/// What was read so far of a file.
private struct GperftoolsContents {
  let text: ProfileText
  var builder: HeapTextBuilder
  private var sum = HeapLine.Counts(liveObjects: 0, liveBytes: 0, allocatedObjects: 0, allocatedBytes: 0)
  private var isInMappings = false
  private var names = GoSymbolLines()

  init(text: ProfileText, builder: HeapTextBuilder) {
    self.text = text
    self.builder = builder
  }

  mutating func add(_ line: Substring, at index: Int) throws(ProfilesError) {
    if isInMappings {
      builder.takeMapping(line)
      return
    }
    if line.hasPrefix("MAPPED_LIBRARIES:") || line.hasPrefix("--- Memory map:") {
      isInMappings = true
      return
    }
    if GoSymbolLines.contains(line) {
      names.add(line)
      return
    }
    if line.allSatisfy({ $0 == " " }) { return }
    guard let counts = HeapLine.counts(line), let at = line.firstIndex(of: "@"),
      let addresses = HeapLine.addresses(line[line.index(after: at)...])
    else { throw text.damage(index, "is no stack of a heap profile") }
    guard let next = sum.adding(counts) else { throw text.damage(index, "counts more than 64 bits hold") }
    sum = next
    names.begin(addresses)
    builder.add(addresses, counts)
  }

  func finished(total: HeapLine.Counts, needsMappings: Bool) throws(ProfilesError) -> RawHeapProfile {
    var (builder, names) = (builder, names)
    names.finishStack()
    builder.frames = names.frames
    builder.ends = names.ends
    let isShort = zip(sum.parts, total.parts).contains { $0 < $1 }
    let share = "stacks account for \(sum.liveBytes) of \(total.liveBytes) live bytes of the first line"
    if needsMappings, !isInMappings {
      throw text.cut("before its list of mapped files" + (isShort ? "; its \(share)" : ""))
    }
    guard isShort else { return try builder.finished(of: text, notes: []) }
    guard isInMappings else {
      throw text.cut("within its stacks: they hold less than its first line says; its \(share)")
    }
    // gperftools puts the list of mapped files first into a buffer of 1 MiB, and then as many stacks as find room.
    return try builder.finished(
      of: text, notes: [share + ": the program's own buffer had no room for the rest"])
  }
}
