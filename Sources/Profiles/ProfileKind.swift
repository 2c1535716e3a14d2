import Model

/// What a profile is of, by the names of its values.
public enum ProfileKind: String, Hashable, Sendable {
  /// Live or allocated memory.
  case heap = "heap profile"
  /// Time on processors.
  case cpu = "CPU profile"
  /// Time that threads or goroutines waited for locks, channels or mutexes.
  case contention = "contention profile (waiting for locks and channels)"
  /// Stacks of all goroutines.
  case goroutines = "goroutine profile"
  /// Stacks that made threads.
  case threads = "profile of created threads"
  /// Something else.
  case other = "profile"

  /// Tells by the columns.
  public init(_ columns: [StackProfile.Column]) {
    let names = Set(columns.map(\.name))
    if !names.isDisjoint(with: HeapColumn.allCases.map(\.rawValue)) || names.contains("space") {
      self = .heap
    } else if names.contains("cpu") {
      self = .cpu
    } else if names.contains("contentions") || names.contains("delay") {
      self = .contention
    } else if names.contains("goroutine") || names.contains("goroutines") {
      self = .goroutines
    } else if names.contains("threadcreate") {
      self = .threads
    } else {
      self = .other
    }
  }
}
