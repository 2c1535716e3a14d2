/// What a pprof file says beside stacks and values. Given by the caller: nothing here reads a clock.
public struct PprofDetails: Hashable, Sendable {
  /// When the collection began, in seconds since 1970; nil leaves it out.
  public var startedAt: Double?
  /// How long it took, in seconds; nil leaves it out.
  public var duration: Double?
  /// Events from one sample to the next, with their name and unit; nil when every event is there.
  public var period: Period?
  /// Remarks beside the profile's own notes; `pprof -comments` shows them.
  public var comments: [String]
  /// The column that a viewer shows first; nil for the first one.
  public var defaultColumn: String?

  /// What is counted between two samples.
  public struct Period: Hashable, Sendable {
    /// Its name, e.g. `page-faults`.
    public var event: String
    /// Its unit as pprof knows it: `count` or `bytes`.
    public var unit: String
    /// How many of it lie between two samples.
    public var count: Int64

    /// States a period.
    public init(event: String, unit: String, count: Int64) {
      self.event = event
      self.unit = unit
      self.count = count
    }
  }

  /// States the details.
  public init(
    startedAt: Double? = nil, duration: Double? = nil, period: Period? = nil, comments: [String] = [],
    defaultColumn: String? = nil
  ) {
    self.startedAt = startedAt
    self.duration = duration
    self.period = period
    self.comments = comments
    self.defaultColumn = defaultColumn
  }
}
