import Probes

/// Watches what the machine does besides the trials: load, time stolen by the hypervisor, clock frequency.
///
/// A reading costs some 60 µs, as much as a trial of a short program should cost in all, and ticks are 10 ms: there are at
/// most ten readings a second, and a share is worked out over several trials where these are short.
struct Disturbance {
  private var lastReading = ContinuousClock.Instant?.none
  private var load: [String: String] = [:]
  private var seen: [String: String] = [:]
  private static let period = Duration.milliseconds(100)
  private var last = HostFacts.stolen()
  private var steal: Double?
  /// Ticks over all CPUs below which a share would be a matter of rounding.
  private static let fewTicks: UInt64 = 20

  /// The load before a trial, in the form of `Trial.conditions`; at most a period old.
  mutating func before() -> [String: String] {
    if isDue { load = HostFacts.load().map { ["load1": "\($0)"] } ?? [:] }
    return load
  }

  /// What was seen until the end of a trial.
  mutating func after() -> [String: String] {
    guard isDue else { return seen }
    lastReading = .now
    if let now = HostFacts.stolen() {
      if let last, now.all >= last.all + Self.fewTicks, now.stolen >= last.stolen {
        steal = Double(now.stolen - last.stolen) / Double(now.all - last.all)
        self.last = now
      } else if last == nil {
        last = now
      }
    }
    seen = [:]
    if let steal { seen["steal"] = "\(steal)" }
    if let clock = HostFacts.megahertz() {
      seen["mhz_low"] = "\(clock.low)"
      seen["mhz_high"] = "\(clock.high)"
    }
    return seen
  }

  private var isDue: Bool { lastReading.map { .now - $0 >= Self.period } ?? true }
}
