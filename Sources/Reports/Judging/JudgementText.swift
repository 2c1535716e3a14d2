import Model

/// One judgement in the words of people. Names in it are foreign and raw: every format escapes them in its own way.
struct JudgementText {
  let judgement: Judgement

  /// The metric with an arrow for the better direction.
  var metric: String { judgement.definition.title + (judgement.threshold.better == .lower ? " ↓" : " ↑") }

  /// What is compared where: `new against base on larson threads=4`.
  var pair: String {
    let place = judgement.place.isEmpty ? "" : " " + judgement.place
    return "\(judgement.candidate.name) against \(judgement.baseline.name)\(place)"
  }

  /// The median of the baseline.
  var baseline: String { figure(judgement.baseline.median) }

  /// The median of the candidate.
  var candidate: String { figure(judgement.candidate.median) }

  /// The change with its interval; in the metric's unit where there is no relative one, and none below the resolution.
  var change: String {
    if let effect = judgement.finiteEffect { return ChangeText.text(effect) }
    if judgement.isBaselineBelowResolution || judgement.isCandidateBelowResolution { return "—" }
    return ChangeText.text(judgement.difference, unit: judgement.definition.unit)
  }

  /// What is no regression yet; of two limits the larger counts.
  var tolerated: String { judgement.threshold.text(unit: judgement.definition.unit) }

  /// The smallest change that so many trials would find.
  var detects: String {
    if judgement.lane == .exact { return "exact" }
    return judgement.detectable.flatMap { $0.isFinite ? ChangeText.share($0) : nil } ?? "—"
  }

  /// How many trials each side has, and whether blocks pair them.
  var trials: String {
    let (before, after) = (judgement.baseline.count, judgement.candidate.count)
    let count = before == after ? "\(after) trials each" : "\(after) against \(before) trials"
    return judgement.isPaired ? count + ", paired" : count + ", one side after the other"
  }

  /// What stands behind the figures: why there is no verdict, and how many values lie far out.
  var remarks: [String] {
    let outliers = (judgement.baseline.outliers.count, judgement.candidate.outliers.count)
    let outlierText =
      outliers == (0, 0) ? [] : ["outliers: \(outliers.1) of the candidate, \(outliers.0) of the baseline"]
    return (doubt.map { [$0] } ?? []) + outlierText
  }

  /// Doubts in sentences, each once.
  var notes: [String] {
    let note = judgement.finiteEffect?.note.map { [$0] } ?? []
    return judgement.notes + note.filter { !judgement.notes.contains($0) }
  }

  /// Everything on one line, for messages: `12.3 MiB → 13.1 MiB, +6.1 % [4.0, 8.3]; tolerated: 2 % or 256 KiB`.
  var line: String {
    let remarks = remarks.isEmpty ? "" : "; " + remarks.joined(separator: "; ")
    return "\(baseline) → \(candidate), \(change); tolerated: \(tolerated)\(remarks)"
  }

  private var doubt: String? {
    guard judgement.verdict == .inconclusive else { return nil }
    if judgement.missing > 0 {
      let plural = judgement.missing == 1 ? "" : "s"
      return "needs \(judgement.missing) more trial\(plural) of each side"
    }
    return judgement.isBeyondThreshold
      ? "beyond the threshold, but among so many comparisons chance could do that: needs more trials"
      : "crosses the threshold: needs more trials or less noise"
  }

  private func figure(_ value: Double) -> String {
    value.isFinite ? FigureText.text(value, of: judgement.definition) : "—"
  }
}

extension Judgement {
  /// The relative change, where it is a number.
  var finiteEffect: Effect? { effect.flatMap { $0.isFinite ? $0 : nil } }

  /// Whether the whole interval lies on one side of what is tolerated.
  var isBeyondThreshold: Bool {
    guard let low = finiteEffect?.low, let high = finiteEffect?.high else { return false }
    return low > threshold.relative || high < 1 / (1 + threshold.relative) - 1
  }

  /// How many times the threshold the change is: the measure of how bad it is. Infinite where nothing is tolerated.
  var severity: Double {
    guard let change = finiteEffect?.change, threshold.relative > 0 else { return .infinity }
    return change.magnitude / threshold.relative
  }
}

extension Threshold {
  /// `2 %`, or `2 % or 256 KiB`.
  func text(unit: MetricUnit) -> String {
    // Nine digits are more than anybody writes and hide what binary fractions add.
    let percent = NumberText.shortest((relative * 1e9).rounded() / 1e7)
    return "\(percent)\u{A0}%" + (absolute.map { " or " + FigureText.text($0, unit: unit) } ?? "")
  }
}
