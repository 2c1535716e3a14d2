import Model

extension StackProfile {
  /// The profile with stacks that begin at their call sites: without the allocator's frames where somebody called it.
  ///
  /// In files of stacks a value belongs to the innermost frame. Of a heap that would be jemalloc's own backtrace for all of
  /// it; tools of the field (jeprof, Go's pprof) leave these frames out.
  public var beginningAtCallSites: StackProfile {
    var builder = StackProfileBuilder(title: title, columns: columns)
    for sample in samples {
      let stack = sample.stack.compactMap { frames.indices.contains($0) ? frames[$0] : nil }
      let caller = stack.firstIndex { $0.role != .allocator } ?? 0
      builder.add(Array(stack[caller...]), values: sample.values, labels: sample.labels)
    }
    var result = builder.finished(quality: quality, notes: notes)
    result.source = source
    result.period = period
    return result
  }
}
