import Model

/// How many trials a cell gets.
public enum TrialCount: Hashable, Sendable {
  /// So many.
  case fixed(Int)
  /// As many as it takes until the intervals are narrow enough.
  case auto

  /// Reads `auto` or a number.
  public init(parsing text: String) throws(InputError) {
    if text == "auto" {
      self = .auto
    } else if let number = Int(text), (1...100_000).contains(number) {
      self = .fixed(number)
    } else if Int(text) != nil {
      throw InputError("'\(text)' trials are out of range", hint: "from 1 to 100000, or auto")
    } else {
      throw InputError("'\(text)' is no number of trials", hint: "a number from 1 to 100000, or auto")
    }
  }
}

/// A plan in the making: what a file and the flags say, each only where it says something. Flags win.
public struct PlanDraft: Sendable {
  /// A workload as the user wrote it.
  public struct WorkloadRequest: Sendable {
    /// Its id.
    public var id: String
    /// Parameters that were set, as written.
    public var parameters: [(name: String, value: String)]
    /// Where it stands, if in a file.
    public var location: InputError.Location?

    /// States a request.
    public init(
      id: String, parameters: [(name: String, value: String)] = [], location: InputError.Location? = nil
    ) {
      self.id = id
      self.parameters = parameters
      self.location = location
    }

    /// Reads `larson` or `larson:threads=4,slots=100`.
    public init(parsing text: String, location: InputError.Location? = nil) throws(InputError) {
      let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      id = String(halves[0])
      self.location = location
      parameters = []
      guard halves.count == 2 else { return }
      for piece in halves[1].split(separator: ",") {
        let sides = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else {
          throw InputError(
            "workload '\(text)': '\(piece)' is not of the form NAME=VALUE",
            hint: "for example larson:threads=4",
            at: location)
        }
        parameters.append((String(sides[0]), String(sides[1])))
      }
    }
  }

  /// What the run is about.
  public var title: String?
  /// Size of the workloads.
  public var scale: Scale?
  /// Workloads; nil when not stated.
  public var workloads: [WorkloadRequest]?
  /// Commands instead of workloads.
  public var commands: [Subject]?
  /// Variants as written, with their places.
  public var variants: [(variant: Variant, location: InputError.Location?)]?
  /// Settings besides the default.
  public var settings: [SettingsRequest]?
  /// Whether settings that do nothing stop the run.
  public var strict: Bool?
  /// Whether cells are measured in which every setting is inert.
  public var measuresInert: Bool?
  /// Whether allocators' variables of the user's shell reach commands.
  public var keepsEnvironment: Bool?
  /// The variant that ratios refer to.
  public var reference: Variant?
  /// Measured trials, or `auto`.
  public var trials: TrialCount?
  /// Time that a run which stops by itself may take.
  public var budget: Nanoseconds?
  /// Warm-up blocks.
  public var warmup: Int?
  /// Seed.
  public var seed: UInt64?
  /// Readings a second.
  public var rate: Int?
  /// Whether calls are timed.
  public var latency: Bool?
  /// Which events are counted.
  public var events: EventChoice?
  /// Time limit.
  public var timeLimit: Nanoseconds?
  /// Memory limit.
  public var memoryLimit: Bytes?
  /// Whether each cell's memory events are counted in a simulated machine.
  public var simulate: Bool?
  /// Time limit of a simulated run.
  public var simulationLimit: Nanoseconds?

  /// Preloaded libraries of the user's own, by name.
  public var libraries: [String: String] = [:]
  /// Working directory of commands.
  public var directory: String?

  /// An empty draft.
  public init() {}

  /// What this draft says, and where it is silent what the other says.
  public func filled(from other: PlanDraft) -> PlanDraft {
    var result = self
    result.title = title ?? other.title
    result.scale = scale ?? other.scale
    result.workloads = workloads ?? other.workloads
    result.commands = commands ?? other.commands
    result.variants = variants ?? other.variants
    result.settings = settings ?? other.settings
    result.strict = strict ?? other.strict
    result.measuresInert = measuresInert ?? other.measuresInert
    result.reference = reference ?? other.reference
    result.trials = trials ?? other.trials
    result.budget = budget ?? other.budget
    result.warmup = warmup ?? other.warmup
    result.seed = seed ?? other.seed
    result.rate = rate ?? other.rate
    result.latency = latency ?? other.latency
    result.events = events ?? other.events
    result.timeLimit = timeLimit ?? other.timeLimit
    result.memoryLimit = memoryLimit ?? other.memoryLimit
    result.simulate = simulate ?? other.simulate
    result.simulationLimit = simulationLimit ?? other.simulationLimit
    return result
  }
}
