import Model

/// What a comparison found, in words: one text for each pair of cells, the most important first.
public enum Sentences {
  private struct Key: Hashable {
    let baseline: String
    let candidate: String
    let place: String
  }

  /// Sentences for judgements and means.
  ///
  /// Means that differ measurably lead, for the metrics that gate. Then pairs with regressions that gate, with
  /// improvements, with changes that only inform, with none, and last those with nothing decided; among equals, the
  /// largest change counted in thresholds comes first.
  public static func make(_ judgements: [Judgement], means: [GeometricMean] = []) -> [String] {
    var groups: [Key: [Judgement]] = [:]
    var order: [Key] = []
    for judgement in judgements where judgement.isTold {
      let key = Key(
        baseline: judgement.baseline.name, candidate: judgement.candidate.name, place: judgement.place)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(judgement)
    }
    let pairs = order.enumerated().map { place, key in
      (place: place, sentence: PairSentence(groups[key] ?? []))
    }
    let sorted = pairs.sorted { left, right in
      let (one, other) = (left.sentence.importance, right.sentence.importance)
      return (one.rank, -one.weight, left.place) < (other.rank, -other.weight, right.place)
    }
    return meanSentences(means) + sorted.map(\.sentence.text)
  }

  /// One sentence for each pair of names, with all that changed measurably.
  private static func meanSentences(_ means: [GeometricMean]) -> [String] {
    let telling = means.filter { $0.threshold.gates && $0.effect.isMeasurable == true }
    var groups: [Key: [GeometricMean]] = [:]
    var order: [Key] = []
    for mean in telling {
      let key = Key(baseline: mean.baseline, candidate: mean.candidate, place: mean.place)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(mean)
    }
    return order.compactMap { groups[$0] }.map(meanSentence)
  }

  private static func meanSentence(_ means: [GeometricMean]) -> String {
    var verb = ""
    var clauses = means.enumerated().map { index, mean in
      let phrase = MetricPhrase(mean.definition)
      let change = ChangeClause(effect: mean.effect, phrase: phrase)
      let start = phrase.verb == verb ? "" : "\(phrase.verb) "
      verb = phrase.verb
      return start + change.change + (index == 0 ? " \(change.comparing(mean.baseline))" : "")
        + change.interval
    }
    let last = clauses.removeLast()
    let list = clauses.isEmpty ? last : clauses.joined(separator: ", ") + ", and " + last
    let place = means[0].place.isEmpty ? "" : " \(means[0].place)"
    return "Over \(means[0].workloads) workloads\(place), \(means[0].candidate) \(list)."
  }
}

extension Judgement {
  /// Whether it may be spoken of: not where a side is below what the instrument resolves, unless even so something is
  /// shown to have changed.
  fileprivate var isTold: Bool {
    if isBaselineBelowResolution && isCandidateBelowResolution { return false }
    return !isBaselineBelowResolution && !isCandidateBelowResolution
      || verdict == .regression || verdict == .improvement
  }
}

/// One change within a sentence.
struct ChangeClause {
  /// `18 % less peak resident`, or `46 times the peak resident`.
  let change: String
  /// ` [15, 21]`.
  let interval: String
  private let isFactor: Bool

  init(effect: Effect, phrase: MetricPhrase) {
    // From tenfold on nobody thinks in per cent.
    isFactor = effect.change >= 9
    guard isFactor else {
      let comparative = effect.change < 0 ? phrase.less : phrase.more
      change = "\(PercentText.magnitude(effect)) % \(comparative) \(phrase.noun)"
      interval = PercentText.interval(effect)
      return
    }
    change = "\(PercentText.factor(effect.change)) times the \(phrase.noun)"
    guard let low = effect.low, let high = effect.high, low < high else {
      interval = ""
      return
    }
    interval = " [\(PercentText.factor(low)), \(PercentText.factor(high))]"
  }

  /// `than glibc`, or `of glibc`.
  func comparing(_ baseline: String) -> String { "\(isFactor ? "of" : "than") \(baseline)" }
}
