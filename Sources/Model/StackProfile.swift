/// Stacks with values: what sampling, a heap profile or a simulation says of call sites.
///
/// The common form of all profiles: every export and every table of functions is made from it.
public struct StackProfile: Hashable, Codable, Sendable {
  /// One kind of value that every stack has.
  public struct Column: Hashable, Codable, Sendable {
    /// A stable name, e.g. `resident`, `allocated_bytes`, `loads`.
    public var name: String
    /// The unit of the values.
    public var unit: MetricUnit
    /// Where they come from.
    public var provenance: Provenance
    /// One sentence: what is counted, and how.
    public var explanation: String

    /// States a column.
    public init(name: String, unit: MetricUnit, provenance: Provenance, explanation: String) {
      self.name = name
      self.unit = unit
      self.provenance = provenance
      self.explanation = explanation
    }
  }

  /// One stack and its values.
  public struct Sample: Hashable, Codable, Sendable {
    /// Indices into `frames`, the innermost first.
    public var stack: [Int]
    /// One value for each column, in its unit.
    public var values: [Double]

    /// States a stack's values.
    public init(stack: [Int], values: [Double]) {
      self.stack = stack
      self.values = values
    }
  }

  /// How good the stacks are.
  public struct Quality: Hashable, Codable, Sendable {
    /// Samples that were taken.
    public var samples: Int
    /// Samples that the kernel or the harness dropped for want of room.
    public var lost: Int
    /// Samples whose stack reaches its root.
    public var complete: Int
    /// Events from one sample to the next; 1 is every event.
    public var period: Int

    /// States how good the stacks are.
    public init(samples: Int, lost: Int, complete: Int, period: Int) {
      self.samples = samples
      self.lost = lost
      self.complete = complete
      self.period = period
    }

    /// The share of stacks that reach their root, 0 to 1; nil without samples.
    public var completeShare: Double? { samples > 0 ? Double(complete) / Double(samples) : nil }
  }

  /// What the profile is of, e.g. `resident bytes by call site`.
  public var title: String
  /// What each stack's values mean.
  public var columns: [Column]
  /// Every frame that occurs, once.
  public var frames: [Frame]
  /// Stacks, each once.
  public var samples: [Sample]
  /// How good the stacks are; nil for profiles that the program wrote by itself.
  public var quality: Quality?
  /// Doubts and hints, in sentences.
  public var notes: [String]

  /// States a profile.
  public init(
    title: String, columns: [Column], frames: [Frame] = [], samples: [Sample] = [], quality: Quality? = nil,
    notes: [String] = []
  ) {
    self.title = title
    self.columns = columns
    self.frames = frames
    self.samples = samples
    self.quality = quality
    self.notes = notes
  }

  /// The sum of each column.
  public var totals: [Double] {
    var result = [Double](repeating: 0, count: columns.count)
    for sample in samples {
      for index in result.indices where index < sample.values.count { result[index] += sample.values[index] }
    }
    return result
  }
}

/// Puts a profile together: equal frames and equal stacks are kept once.
public struct StackProfileBuilder: Sendable {
  private var profile: StackProfile
  private var frameIndices: [Frame: Int] = [:]
  private var stackIndices: [[Int]: Int] = [:]

  /// Begins a profile without stacks.
  public init(title: String, columns: [StackProfile.Column]) {
    profile = StackProfile(title: title, columns: columns)
  }

  /// Adds values to a stack, the innermost frame first. Missing values count as 0.
  public mutating func add(_ stack: [Frame], values: [Double]) {
    let indices = stack.map { index(of: $0) }
    let place: Int
    if let known = stackIndices[indices] {
      place = known
    } else {
      place = profile.samples.count
      stackIndices[indices] = place
      profile.samples.append(
        .init(stack: indices, values: Array(repeating: 0, count: profile.columns.count)))
    }
    for (column, value) in values.enumerated() where column < profile.columns.count {
      profile.samples[place].values[column] += value
    }
  }

  /// The profile, with what is known of it as a whole.
  public func finished(quality: StackProfile.Quality? = nil, notes: [String] = []) -> StackProfile {
    var result = profile
    result.quality = quality
    result.notes = notes
    return result
  }

  private mutating func index(of frame: Frame) -> Int {
    if let known = frameIndices[frame] { return known }
    let index = profile.frames.count
    frameIndices[frame] = index
    profile.frames.append(frame)
    return index
  }
}
