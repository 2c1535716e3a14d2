import Probes

/// Watches what the machine does besides the trials: load, time stolen by the hypervisor, clock frequency.
///
/// A reading costs some 60 µs, so there is one a trial; ticks are 10 ms, so a share is worked out over several trials
/// where these are short.
struct Disturbance {
  private var last = HostFacts.stolen()
  private var steal: Double?
  /// Ticks over all CPUs below which a share would be a matter of rounding.
  private static let fewTicks: UInt64 = 20

  /// The load before a trial, in the form of `Trial.conditions`.
  func before() -> [String: String] { HostFacts.load().map { ["load1": "\($0)"] } ?? [:] }

  /// What was seen until the end of a trial.
  mutating func after() -> [String: String] {
    var result: [String: String] = [:]
    if let now = HostFacts.stolen() {
      if let last, now.all >= last.all + Self.fewTicks, now.stolen >= last.stolen {
        steal = Double(now.stolen - last.stolen) / Double(now.all - last.all)
        self.last = now
      } else if last == nil {
        last = now
      }
    }
    if let steal { result["steal"] = "\(steal)" }
    if let clock = HostFacts.megahertz() {
      result["mhz_low"] = "\(clock.low)"
      result["mhz_high"] = "\(clock.high)"
    }
    return result
  }
}
