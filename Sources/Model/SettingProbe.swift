/// What malloc is observed to do in order to learn a setting that cannot be asked for.
public enum SettingProbe: String, Sendable, CaseIterable {
  /// How many heaps `malloc_info` lists while many threads hold a block each.
  case arenas
  /// The size from which a request gets a mapping of its own, by `mallinfo2().hblks`.
  case mmapThreshold = "mmap-threshold"
  /// Whether glibc's thresholds still grow with what is freed, by whether a size that was mapped is mapped again.
  case thresholds
  /// Whether a huge request gets a mapping of its own at all, by `mallinfo2().hblks`.
  case mmapCount = "mmap-count"
  /// How far `mallinfo2().arena` falls when blocks at the top are freed.
  case trim
  /// By how much the heap grows beyond a first request.
  case topPad = "top-pad"
  /// What a fresh block holds.
  case fill
  /// How many freed blocks of a size do not show in `mallinfo2()`.
  case threadCacheCount = "thread-cache-count"
  /// The largest size whose free does not show in `mallinfo2().uordblks`.
  case threadCacheSize = "thread-cache-size"
  /// The largest size that goes to a fast bin, by `mallinfo2().smblks`.
  case fastBins = "fast-bins"
  /// What freeing an invalid pointer says.
  case invalidFree = "invalid-free"
  /// How many threads the process has.
  case threads

  /// Reads the name.
  ///
  /// Throws: `InputError.unknown` with the nearest name.
  init(parsing text: String) throws(InputError) {
    guard let probe = SettingProbe(rawValue: text) else {
      throw InputError.unknown("probe", text, among: SettingProbe.allCases.map(\.rawValue))
    }
    self = probe
  }
}
