import Model

/// What a pprof file says beside stacks and values. Given by the caller: nothing here reads a clock.
public struct PprofDetails: Hashable, Sendable {
  /// When the collection began, in seconds since 1970; nil leaves it out.
  public var startedAt: Double?
  /// How long it took, in seconds; nil leaves it out.
  public var duration: Double?
  /// Events from one sample to the next, with their name and unit; nil when every event is there.
  public var period: StackProfile.Period?
  /// Remarks beside the profile's own notes; `pprof -comments` shows them.
  public var comments: [String]
  /// The column that a viewer shows first; nil for the first one.
  public var defaultColumn: String?

  /// States the details.
  public init(
    startedAt: Double? = nil, duration: Double? = nil, period: StackProfile.Period? = nil,
    comments: [String] = [],
    defaultColumn: String? = nil
  ) {
    self.startedAt = startedAt
    self.duration = duration
    self.period = period
    self.comments = comments
    self.defaultColumn = defaultColumn
  }
}
