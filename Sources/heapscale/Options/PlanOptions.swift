import ArgumentParser
import Experiments
import Model

/// Flags that every measuring command has.
struct MeasureOptions: ParsableArguments {
  @Option(
    help:
      "Measured trials of each cell, or auto: 10, and 5 more up to 40 until the intervals are narrow enough. Six are the least for a 95 % interval. (default: the plan's, else auto)"
  )
  var trials: String?

  @Flag(help: "Measure the baseline a second time in each block (A/A): shows how far it is from itself.")
  var aa = false

  @Option(help: "With --trials auto: the time after which no more trials are begun. (default: 10min)")
  var budget: String?

  @Option(help: "Blocks at the start that are not measured.")
  var warmup: Int?

  @Option(help: "Seed of the order of trials. Stored with the session; by default a new one.")
  var seed: UInt64?

  @Option(help: "Readings of resident memory a second, 0 to 1000; 0 turns the curve off. (default: 100)")
  var rate: Int?

  @Option(
    help:
      "A set of environment variables to compare with none: NAME=VARIABLE=VALUE[,VARIABLE=VALUE]; NAME@jemalloc=… for one allocator or variant only. Repeatable."
  )
  var settings: [String] = []

  @Option(
    help:
      "A knob with the values it goes through, one set each: VARIABLE[:KEY]=VALUE,VALUE,… such as MALLOC_CONF:dirty_decay_ms=0,1000,-1. Repeatable."
  )
  var ladder: [String] = []

  @Flag(
    help:
      "Stop before the first trial, with exit code 64, when a setting is inert, rejected, misparsed, without effect or fatal."
  )
  var strict = false

  @Flag(
    help:
      "Measure also cells in which every setting is inert. By default they are left out: they are the default again."
  )
  var measureInert = false

  @Option(
    help:
      "Events to count: none, default (the processor's counters, where there are any: they cost only where threads begin and end) or all (also CPU migrations, page faults, and as root the calls of mmap, munmap, brk and madvise). See `heapscale doctor`."
  )
  var events: String?

  @Option(help: "Ends a trial with its whole process tree: 500ms, 60s, 5min. (default: 60s)")
  var timeLimit: String?

  @Option(help: "Ends a trial whose resident memory exceeds this: 512MiB, 4GiB. Watched by the sampler.")
  var memoryLimit: String?

  @Flag(
    help:
      "After the trials, count each cell's loads and stores in a simulated machine (valgrind): in total, for each operation and inside the allocator."
  )
  var simulate = false

  @Option(help: "With --simulate: ends a simulated run. (default: 10 × the time limit)")
  var simulateLimit: String?

  /// What the flags say, as a draft.
  func draft() throws(InputError) -> PlanDraft {
    var draft = PlanDraft()
    if let text = trials { draft.trials = try TrialCount(parsing: text) }
    if let text = budget { draft.budget = Nanoseconds(try quantity(text, .duration, "--budget") * 1_000_000) }
    draft.warmup = try inRange(warmup, 0...100, "--warmup")
    draft.seed = seed
    draft.rate = try inRange(rate, 0...1000, "--rate")
    if let text = events { draft.events = try EventChoice(parsing: text) }
    if let text = timeLimit {
      draft.timeLimit = Nanoseconds(try quantity(text, .duration, "--time-limit") * 1_000_000)
    }
    if let text = memoryLimit { draft.memoryLimit = Bytes(try quantity(text, .bytes, "--memory-limit")) }
    if !settings.isEmpty || !ladder.isEmpty {
      var requests: [SettingsRequest] = []
      for text in settings { requests.append(SettingsRequest(try SettingsSet(parsing: text))) }
      for text in ladder { requests.append(SettingsRequest(try SettingsRequest.Ladder(parsing: text))) }
      draft.settings = requests
    }
    if strict { draft.strict = true }
    if measureInert { draft.measuresInert = true }
    if simulate { draft.simulate = true }
    if let text = simulateLimit {
      draft.simulationLimit = Nanoseconds(try quantity(text, .duration, "--simulate-limit") * 1_000_000)
    }
    return draft
  }

  private func inRange(_ value: Int?, _ range: ClosedRange<Int>, _ flag: String) throws(InputError) -> Int? {
    guard let value, !range.contains(value) else { return value }
    throw InputError(
      "\(flag) \(value) is out of range", hint: "from \(range.lowerBound) to \(range.upperBound)")
  }

  private func quantity(_ text: String, _ type: ParameterType, _ flag: String) throws(InputError) -> Int64 {
    guard let value = Quantity.parse(text, as: type), value > 0 else {
      let example = type == .bytes ? "a size such as 512MiB" : "a time such as 60s or 500ms"
      throw InputError("\(flag) '\(text)' is not \(example)")
    }
    return value
  }
}

/// Where the store is.
struct StoreOptions: ParsableArguments {
  @Option(
    help:
      "The store, an SQLite file. (default: Results/heapscale.sqlite of the checkout, else in your state folder)"
  )
  var store: String?

  @OptionGroup var redaction: RedactionOption
}

/// What is printed and written.
struct OutputOptions: ParsableArguments {
  @Option(help: "Metrics to show as columns, separated by commas; see `heapscale list metrics`.")
  var metrics: String?

  @Option(help: "Also write the result as JSON (schema heapscale/2) to this file; - for standard output.")
  var json: String?

  @Option(help: "Also write a page with curves and every trial to this file; see `heapscale report`.")
  var html: String?

  @Option(help: "Also write the table as Markdown to this file; - for standard output.")
  var markdown: String?

  @Option(help: "Also write the values as CSV to this file; - for standard output.")
  var csv: String?

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false
}
