/// Everything a run is told: one immutable value, from a plan file and flags, printable and stored.
public struct Plan: Hashable, Codable, Sendable {
  /// What the run is about.
  public var title: String
  /// What is executed, in the order written.
  public var subjects: [Subject]
  /// What it is built as.
  public var variants: [Variant]
  /// The environments; always at least `SettingsSet.none`.
  public var settings: [SettingsSet]
  /// The variant that ratios refer to.
  public var reference: Variant
  /// Measured trials of each cell; the most of them where the run stops by itself.
  public var trials: Int
  /// When the run stops by itself; nil for a fixed number of trials.
  public var stopping: Stopping?
  /// Blocks at the start that warm the machine up and are not measured.
  public var warmupBlocks: Int
  /// Seed of the order within blocks and of the environment pad.
  public var seed: UInt64
  /// What is sampled.
  public var sampling: Sampling
  /// What ends a trial early.
  public var limits: Limits
  /// Preloaded libraries of the user's own: paths by the name under which they stand as allocators.
  public var libraries: [String: String]
  /// Working directory of commands; nil for workloads.
  public var directory: String?
  /// Whether a setting that is inert, rejected or misparsed stops the run before its first trial.
  public var strict: Bool
  /// Whether cells are measured in which every setting is inert, so that they are their default again.
  public var measuresInert: Bool
  /// Whether variables of the user's shell that act on allocators reach commands; by default they are cleared.
  public var keepsEnvironment: Bool
  /// Time limit of each simulated run; nil when nothing is simulated.
  public var simulationLimit: Nanoseconds?

  /// Puts a plan together.
  public init(
    title: String, subjects: [Subject], variants: [Variant], settings: [SettingsSet], reference: Variant,
    trials: Int, warmupBlocks: Int, seed: UInt64, sampling: Sampling, limits: Limits,
    libraries: [String: String] = [:], directory: String? = nil, strict: Bool = false,
    measuresInert: Bool = false, keepsEnvironment: Bool = false, stopping: Stopping? = nil,
    simulationLimit: Nanoseconds? = nil
  ) {
    self.title = title
    self.subjects = subjects
    self.variants = variants
    self.settings = settings
    self.reference = reference
    self.trials = trials
    self.warmupBlocks = warmupBlocks
    self.seed = seed
    self.sampling = sampling
    self.limits = limits
    self.libraries = libraries
    self.directory = directory
    self.strict = strict
    self.measuresInert = measuresInert
    self.keepsEnvironment = keepsEnvironment
    self.stopping = stopping
    self.simulationLimit = simulationLimit
  }

  /// Read as stored; sessions of older versions do not say whether they were strict.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      title: try values.decode(String.self, forKey: .title),
      subjects: try values.decode([Subject].self, forKey: .subjects),
      variants: try values.decode([Variant].self, forKey: .variants),
      settings: try values.decode([SettingsSet].self, forKey: .settings),
      reference: try values.decode(Variant.self, forKey: .reference),
      trials: try values.decode(Int.self, forKey: .trials),
      warmupBlocks: try values.decode(Int.self, forKey: .warmupBlocks),
      seed: try values.decode(UInt64.self, forKey: .seed),
      sampling: try values.decode(Sampling.self, forKey: .sampling),
      limits: try values.decode(Limits.self, forKey: .limits),
      libraries: try values.decode([String: String].self, forKey: .libraries),
      directory: try values.decodeIfPresent(String.self, forKey: .directory),
      strict: try values.decodeIfPresent(Bool.self, forKey: .strict) ?? false,
      // Sessions of older versions measured all their cells.
      measuresInert: try values.decodeIfPresent(Bool.self, forKey: .measuresInert) ?? true,
      keepsEnvironment: try values.decodeIfPresent(Bool.self, forKey: .keepsEnvironment) ?? false,
      stopping: try values.decodeIfPresent(Stopping.self, forKey: .stopping),
      simulationLimit: try values.decodeIfPresent(Nanoseconds.self, forKey: .simulationLimit))
  }

  /// The settings that a variant runs with, in the order of the plan.
  public func settings(for variant: Variant) -> [SettingsSet] { settings.filter { $0.applies(to: variant) } }

  /// All cells: subjects × variants × the settings that apply to each.
  public var cells: [Cell] {
    subjects.flatMap { subject in
      variants.flatMap { variant in
        settings(for: variant).map { Cell(subject: subject, variant: variant, settings: $0) }
      }
    }
  }
}

/// A run that stops by itself: as soon as its intervals are narrow enough to tell what would matter.
public struct Stopping: Hashable, Codable, Sendable {
  /// Time after which no further block is begun.
  public var budget: Nanoseconds

  /// States the budget.
  public init(budget: Nanoseconds = Nanoseconds(seconds: 600)) { self.budget = budget }

  /// The most blocks.
  public static let most = 40
}

/// What is sampled during a trial.
public struct Sampling: Hashable, Codable, Sendable {
  /// Readings of resident memory a second; 0 turns the curve off.
  public var rateHz: Int
  /// Whether every call of the allocator is timed (it costs: two clock readings a call).
  public var latency: Bool
  /// Whether the telemetry page's counters are kept (off only to measure what they cost).
  public var counters: Bool
  /// Which events are counted.
  public var events: EventChoice

  /// States what is sampled.
  public init(
    rateHz: Int = 100, latency: Bool = false, counters: Bool = true, events: EventChoice = .standard
  ) {
    self.rateHz = rateHz
    self.latency = latency
    self.counters = counters
    self.events = events
  }

  /// Read as stored; sessions of older versions counted no events.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      rateHz: try values.decode(Int.self, forKey: .rateHz),
      latency: try values.decode(Bool.self, forKey: .latency),
      counters: try values.decode(Bool.self, forKey: .counters),
      events: try values.decodeIfPresent(EventChoice.self, forKey: .events) ?? .none)
  }
}

/// What ends a trial early.
public struct Limits: Hashable, Codable, Sendable {
  /// Wall time after which the whole process tree is killed: outcome `time-out`.
  public var time: Nanoseconds
  /// Resident memory above which it is killed: outcome `out-of-memory`. Watched by the sampler.
  public var memory: Bytes?

  /// States the limits.
  public init(time: Nanoseconds = Nanoseconds(seconds: 60), memory: Bytes? = nil) {
    self.time = time
    self.memory = memory
  }
}
