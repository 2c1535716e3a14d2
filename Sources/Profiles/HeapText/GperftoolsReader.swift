/// Reads heap profiles of gperftools: HEAPPROFILE of the full TCMalloc, and its sampled heaps.
///
///     heap profile:  20002:  9828608 [ 70002: 59828608] @ heapprofile
///     20000:  1280000 [ 20000:  1280000] @ 0x56134505e18e 0x56134505e23c
///     MAPPED_LIBRARIES:
///
/// What stands behind the first `@` says how objects were chosen: `heapprofile` has all of them,
/// `heap_v2/524288` samples.
/// Source: gperftools, docs/heapprofile.html, and files that libtcmalloc.so.4 wrote.
enum GperftoolsReader {
  /// What the first line begins with.
  static let start = "heap profile:"

  /// Reads the lines of a file.
  static func read(_ lines: [Substring], file: String) throws(ProfilesError) -> RawHeapProfile {
    guard let head = lines.first, let total = HeapLine.counts(head.dropFirst(start.count)),
      let at = head.lastIndex(of: "@")
    else { throw .damaged(file: file, reason: "its first line is no head of a gperftools heap profile") }
    let kind = head[head.index(after: at)...].drop { $0 == " " }
    let sampling = try sampling(kind, file: file)
    var builder = HeapTextBuilder(format: .gperftools, sampling: sampling)
    var sum = HeapLine.Counts(liveObjects: 0, liveBytes: 0, allocatedObjects: 0, allocatedBytes: 0)
    var isInMappings = false
    for (offset, line) in lines.enumerated().dropFirst() {
      if isInMappings {
        if let mapping = HeapLine.mapping(line) { builder.mappings.append(mapping) }
        continue
      }
      if line.hasPrefix("MAPPED_LIBRARIES:") || line.hasPrefix("--- Memory map:") {
        isInMappings = true
        continue
      }
      if line.allSatisfy({ $0 == " " }) { continue }
      guard let counts = HeapLine.counts(line), let at = line.firstIndex(of: "@"),
        let addresses = HeapLine.addresses(line[line.index(after: at)...])
      else { throw .damaged(file: file, reason: "line \(offset + 1) is no stack of a heap profile") }
      guard let next = sum.adding(counts) else {
        throw .damaged(file: file, reason: "line \(offset + 1) counts more than 64 bits hold")
      }
      sum = next
      builder.add(addresses, counts)
    }
    var notes: [String] = []
    if !isInMappings {
      notes.append("the file has no list of mapped files: it ends too early, and symbols cannot be found")
    }
    // A file that was cut at a line's end looks whole; its head knows better.
    if sum.liveBytes < total.liveBytes {
      notes.append("stacks account for \(sum.liveBytes) of \(total.liveBytes) live bytes of the first line")
    }
    return builder.finished(notes: notes)
  }

  private static func sampling(_ kind: Substring, file: String) throws(ProfilesError) -> HeapSampling {
    let parts = kind.split(separator: "/", maxSplits: 1)
    let rate = parts.count > 1 ? Double(parts[1].prefix { $0.isASCII && $0.isNumber }) : nil
    switch parts.first {
    case "heapprofile": return .all
    case "heap_v2", "heapz_v2":
      guard let rate else { break }
      return .poisson(rate: rate)
    case "heap":
      guard let rate else { return .all }
      return .every(bytes: rate)
    default: break
    }
    throw .damaged(
      file: file,
      reason:
        "'\(kind.prefix(40))' is no known kind of heap profile; known are heapprofile, heap_v2/N and heap/N"
    )
  }
}
