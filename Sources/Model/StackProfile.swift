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
    /// For a difference, which may be negative: the column of this profile that has the values before; nil for others.
    public var baseColumn: String?

    /// States a column.
    public init(
      name: String, unit: MetricUnit, provenance: Provenance, explanation: String, baseColumn: String? = nil
    ) {
      self.name = name
      self.unit = unit
      self.provenance = provenance
      self.explanation = explanation
      self.baseColumn = baseColumn
    }
  }

  /// What a program said of a stack beside its values, e.g. pprof's labels.
  public struct Label: Hashable, Codable, Sendable {
    /// Its name.
    public var key: String
    /// Its text; nil where it is a number.
    public var text: String?
    /// Its number; nil where it is a text.
    public var number: Int64?
    /// The unit of the number; nil where none is stated.
    public var unit: String?

    /// States a label.
    public init(key: String, text: String? = nil, number: Int64? = nil, unit: String? = nil) {
      self.key = key
      self.text = text
      self.number = number
      self.unit = unit
    }
  }

  /// One stack and its values.
  public struct Sample: Hashable, Codable, Sendable {
    /// Indices into `frames`, the innermost first.
    public var stack: [Int]
    /// One value for each column, in its unit.
    public var values: [Double]
    /// What the program said beside them; nil where it said nothing.
    public var labels: [Label]?

    /// States a stack's values.
    public init(stack: [Int], values: [Double], labels: [Label]? = nil) {
      self.stack = stack
      self.values = values
      self.labels = labels
    }
  }

  /// What is counted between two samples, as pprof's `period` says it.
  public struct Period: Hashable, Codable, Sendable {
    /// Its name, e.g. `space` or `page-faults`.
    public var event: String
    /// Its unit as pprof knows it, e.g. `count`, `bytes` or `nanoseconds`.
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

  /// The file from which a profile was read.
  public struct Source: Hashable, Codable, Sendable {
    /// Its path.
    public var file: String
    /// Mapped files that are known to be those of this machine, by build-id or by path and mapping. Functions of others
    /// are never taken for functions of the same name here.
    public var verified: [String]

    /// States a file.
    public init(file: String, verified: [String]) {
      self.file = file
      self.verified = verified
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
    /// Events from one sample to the next; 1 is every event, 0 means that each sample tells its own number.
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
  /// Where it was read; nil for what was measured.
  public var source: Source?
  /// How a profile that was read was sampled; nil when its file does not say.
  public var period: Period?

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
  private var stackIndices: [Key: Int] = [:]

  private struct Key: Hashable {
    let stack: [Int]
    let labels: [StackProfile.Label]?
  }

  /// Begins a profile without stacks.
  public init(title: String, columns: [StackProfile.Column]) {
    profile = StackProfile(title: title, columns: columns)
  }

  /// Adds values to a stack, the innermost frame first. Missing values count as 0. Stacks with different labels stay
  /// apart.
  public mutating func add(_ stack: [Frame], values: [Double], labels: [StackProfile.Label]? = nil) {
    let indices = stack.map { index(of: $0.withoutAssemblerLine) }
    let key = Key(stack: indices, labels: labels)
    let place: Int
    if let known = stackIndices[key] {
      place = known
    } else {
      place = profile.samples.count
      stackIndices[key] = place
      profile.samples.append(
        .init(stack: indices, values: Array(repeating: 0, count: profile.columns.count), labels: labels))
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
