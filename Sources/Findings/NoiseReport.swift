import Model

/// What disturbed the measured trials, and what would help.
///
/// Read from `Trial.conditions`: `load1`, the load average at the trial's start; `steal`, the share (0…1) of the
/// machine's CPU time during the trial that the hypervisor gave to others; `mhz_low` and `mhz_high`, the lowest and
/// highest clock frequency of a core that was seen, in MHz. From the values `switches_involuntary` and `cpu`: how
/// often another program or thread took the CPU.
struct NoiseReport: Sendable {
  private var trials = 0
  private var loads: [Double] = []
  private var steals: [Double] = []
  private var lowestMHz = Double.infinity
  private var highestMHz = 0.0
  private var interruptions: [Double] = []

  /// A share of CPU time taken away below which nothing is said.
  private static let noticeableSteal = 0.01
  /// A frequency below this share of the highest is not the jitter of reading it.
  private static let steadyClock = 0.9
  /// Interruptions per CPU second that are more than ticks and kernel threads. A program that shares its core is
  /// interrupted some 300 times: Linux gives slices of about 3 ms.
  private static let fewInterruptions = 30.0

  /// Takes the conditions of one measured trial.
  mutating func add(_ trial: Trial) {
    trials += 1
    func condition(_ name: String) -> Double? {
      trial.conditions[name].flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }
    if let load = condition("load1") { loads.append(load) }
    if let steal = condition("steal") { steals.append(steal) }
    if let low = condition("mhz_low"), low > 0 { lowestMHz = min(lowestMHz, low) }
    if let high = condition("mhz_high") { highestMHz = max(highestMHz, high) }
    guard let switches = trial.values["switches_involuntary"]?.number,
      let cpu = trial.values["cpu"]?.number, cpu > 0, (switches / cpu).isFinite
    else { return }
    interruptions.append(switches / cpu)
  }

  /// The sentences that apply; `cores` is the machine's, nil when not known.
  func sentences(cores: Int?) -> [String] {
    [load(cores), steal, clock, interrupted].compactMap(\.self)
  }

  private func load(_ cores: Int?) -> String? {
    guard let cores else { return nil }
    let busy = loads.filter { $0 > Double(cores) }
    guard let highest = busy.max() else { return nil }
    return "the load average was above the machine's \(cores) cores before \(busy.count) of \(trials) trials "
      + "(up to \(rounded(highest, 10))): stop other programs, or use no more threads than cores"
  }

  private var steal: String? {
    let taken = steals.filter { $0 >= NoiseReport.noticeableSteal }
    guard let highest = taken.max() else { return nil }
    return "the hypervisor took up to \(rounded(highest * 100, 1)) % of the CPU time away in "
      + "\(taken.count) of \(trials) trials: a dedicated host would help, and more trials do"
  }

  private var clock: String? {
    guard lowestMHz < highestMHz * NoiseReport.steadyClock else { return nil }
    return "the clock went between \(rounded(lowestMHz, 1)) and \(rounded(highestMHz, 1)) MHz: the governor "
      + "`performance` and no boost would make times steadier"
  }

  private var interrupted: String? {
    guard !interruptions.isEmpty else { return nil }
    let median = Median.middle(of: interruptions.sorted())
    guard median > NoiseReport.fewInterruptions else { return nil }
    return "half of the trials were interrupted more than \(rounded(median, 1)) times per CPU second: other "
      + "programs wanted the same cores, or workloads have more threads than cores"
  }

  /// Rounded to so many parts of 1, without a fraction that says nothing.
  private func rounded(_ value: Double, _ parts: Double) -> String {
    let rounded = (value * parts).rounded() / parts
    return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
