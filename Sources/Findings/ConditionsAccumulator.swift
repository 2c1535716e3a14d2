import Model

/// What disturbed the measured trials.
///
/// Read from `Trial.conditions`: `load1`, the load average over a minute at the trial's start, and
/// `missed_ticks`, the sampler's late readings, for trials that come without their curve.
struct ConditionsAccumulator: Sendable {
  /// Load averages of the trials that know theirs.
  private(set) var loads: [Double] = []
  /// Readings that the sampler missed.
  private(set) var missedTicks = 0
  /// Trials in which it missed any.
  private(set) var trialsWithMissedTicks = 0
  /// Trials whose cell is not of this session.
  var strayTrials = 0

  /// Takes the conditions of one trial.
  mutating func add(_ trial: Trial) {
    if let load = trial.conditions["load1"].flatMap(Double.init), load.isFinite { loads.append(load) }
    let missed = trial.series?.missedTicks ?? trial.conditions["missed_ticks"].flatMap { Int($0) } ?? 0
    guard missed > 0 else { return }
    missedTicks += missed
    trialsWithMissedTicks += 1
  }
}
