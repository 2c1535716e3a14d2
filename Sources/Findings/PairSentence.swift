import Foundation
import Model

/// What was found about one pair of cells: what changed, what is the same, what is undecided.
struct PairSentence {
  private let changed: [Judgement]
  private let same: [Judgement]
  private let undecided: [Judgement]
  private let baseline: String
  private let candidate: String
  private let place: String

  /// How many changes that only inform are worth mentioning beside those that gate.
  private static let asides = 3

  /// Speaks of what gates, and of the largest changes besides; of everything where nothing gates.
  init(_ judgements: [Judgement]) {
    let gating = judgements.filter(\.threshold.gates)
    let told = gating.isEmpty ? judgements : gating
    let others =
      gating.isEmpty ? [] : judgements.filter { !$0.threshold.gates && $0.definition.id != "file_size" }
    changed =
      PairSentence.sorted(told.filter(\.isChange))
      + PairSentence.sorted(others.filter(\.isChange)).prefix(PairSentence.asides)
    same = told.filter { $0.verdict == .same }
    undecided = told.filter { $0.verdict == .inconclusive }
    baseline = judgements.first?.baseline.name ?? ""
    candidate = judgements.first?.candidate.name ?? ""
    place = judgements.first.map { $0.place.isEmpty ? "" : " \($0.place)" } ?? ""
  }

  /// What comes first: the kind of what was found, then the largest change counted in thresholds.
  var importance: (rank: Int, weight: Double) {
    let weight = changed.map(\.weight).max() ?? 0
    if changed.contains(where: { $0.threshold.gates && $0.verdict == .regression }) { return (0, weight) }
    if changed.contains(where: \.threshold.gates) { return (1, weight) }
    if !changed.isEmpty { return (2, weight) }
    return (same.isEmpty ? 4 : 3, 0)
  }

  /// The sentences.
  var text: String {
    [changes, equals, doubts].compactMap(\.self).joined(separator: " ")
  }

  private static func sorted(_ judgements: [Judgement]) -> [Judgement] {
    judgements.enumerated().sorted { left, right in
      (-left.element.weight, left.offset) < (-right.element.weight, right.offset)
    }.map(\.element)
  }

  /// `jemalloc uses 18 % less peak resident than glibc on larson [15, 21], and 4 % more CPU [1, 7].`
  private var changes: String? {
    var verb = ""
    var clauses: [String] = []
    for (index, judgement) in changed.enumerated() {
      let phrase = MetricPhrase(judgement.definition)
      var clause = phrase.verb == verb ? "" : "\(phrase.verb) "
      verb = phrase.verb
      if let effect = judgement.effect {
        let change = ChangeClause(effect: effect, phrase: phrase)
        let comparison = index == 0 ? " \(change.comparing(baseline))\(place)" : ""
        clause += change.change + comparison + change.interval
      } else {
        clause = "has \(judgement.fromNothing(phrase, baseline))" + (index == 0 ? place : "")
        verb = "has"
      }
      clauses.append(clause)
    }
    guard let last = clauses.popLast() else { return nil }
    let first = clauses.isEmpty ? "" : clauses.joined(separator: ", ") + ", and "
    return "\(candidate) \(first)\(last)."
  }

  /// `The same: CPU within 3 %.`
  private var equals: String? {
    guard !same.isEmpty else { return nil }
    let list = same.map { "\(MetricPhrase($0.definition).noun) \($0.tolerance)" }.joined(separator: ", ")
    return changed.isEmpty
      ? "\(candidate) and \(baseline) are the same\(place): \(list)." : "The same: \(list)."
  }

  /// `Undecided: CPU needs 5 more trials.`
  private var doubts: String? {
    guard !undecided.isEmpty else { return nil }
    let list = (missing + undecided.filter { $0.missing == 0 }.map(Doubt.text)).joined(separator: "; ")
    return changed.isEmpty && same.isEmpty
      ? "\(candidate) against \(baseline)\(place) is undecided: \(list)." : "Undecided: \(list)."
  }

  /// Metrics that lack equally many trials, together.
  private var missing: [String] {
    let groups = Dictionary(grouping: undecided.filter { $0.missing > 0 }, by: \.missing)
    return groups.sorted { $0.key < $1.key }.map { missing, judgements in
      let nouns = judgements.map { MetricPhrase($0.definition).noun }.joined(separator: ", ")
      let verb = judgements.count == 1 ? "needs" : "need"
      return "\(nouns) \(verb) \(missing) more trial\(missing == 1 ? "" : "s")"
    }
  }
}

extension Judgement {
  /// What is on which side, where one side has nothing to speak of: `peak resident where glibc has none`.
  fileprivate func fromNothing(_ phrase: MetricPhrase, _ baseline: String) -> String {
    guard let limit = definition.resolutionText else { return "\(phrase.noun) where \(baseline) has none" }
    return isBaselineBelowResolution
      ? "more than \(limit) \(phrase.noun) where \(baseline) has less"
      : "less than \(limit) \(phrase.noun) where \(baseline) has more"
  }

  /// Whether something was shown to have changed.
  fileprivate var isChange: Bool { verdict == .regression || verdict == .improvement }

  /// The change counted in thresholds, on logarithms; a change from nothing is larger than any other.
  fileprivate var weight: Double {
    guard let effect, effect.change > -1 else { return .infinity }
    // A threshold of 0 is taken as a hundredth of a per cent, to compare changes at all.
    return log1p(effect.change).magnitude / log1p(max(threshold.relative, 1e-4))
  }

  /// `within 2 %`, or `within 256KiB` where it is the absolute part that holds.
  fileprivate var tolerance: String {
    guard let floor = threshold.absolute, !isShare(floor) else {
      return "within \(PercentText.plain(threshold.relative)) %"
    }
    guard definition.unit == .bytes, let bytes = Int64(exactly: floor.rounded()) else {
      return "within \(floor) \(definition.unit.rawValue)"
    }
    return "within \(Quantity.text(bytes, as: .bytes))"
  }

  /// Whether it is the relative part: by the 95 % intervals, or by the change where only that of 90 % is within.
  private func isShare(_ floor: Double) -> Bool {
    func reach(_ low: Double?, _ high: Double?) -> Double {
      max((low ?? -.infinity).magnitude, (high ?? .infinity).magnitude)
    }
    let limit = threshold.relative * (1 + Contrast.margin)
    if reach(effect?.low, effect?.high) <= limit { return true }
    if reach(difference.low, difference.high) <= floor { return false }
    return (effect?.change.magnitude ?? 0) <= limit
  }
}
