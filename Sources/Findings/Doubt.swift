import Foundation
import Model

/// How precise an interval is, and what an undecided metric would need.
enum Doubt {
  /// Half the width of the interval on logarithms; nil without interval, or where there is no relative change.
  static func halfWidth(_ judgement: Judgement) -> Double? {
    guard let low = judgement.effect?.low, let high = judgement.effect?.high else { return nil }
    // Differences relative to a mean can lie below −100 %.
    return low > -1 ? (log1p(high) - log1p(low)) / 2 : (high - low) / 2
  }

  /// The half-width that makes a verdict likely: half of the threshold.
  static func target(_ threshold: Threshold) -> Double { log1p(threshold.relative) / 2 }

  /// Whether the interval is narrow enough, in either part of the threshold; false without interval.
  ///
  /// Where nothing is a share of the baseline and no absolute change is tolerated, there is no width to aim at.
  static func isPrecise(_ judgement: Judgement) -> Bool {
    if judgement.effect == nil, judgement.threshold.absolute == nil { return true }
    if let half = halfWidth(judgement), half <= target(judgement.threshold) { return true }
    guard let floor = judgement.threshold.absolute, let low = judgement.difference.low,
      let high = judgement.difference.high
    else { return false }
    return (high - low) / 2 <= floor / 2
  }

  /// Why a metric with enough trials is undecided.
  static func text(_ judgement: Judgement) -> String {
    let noun = MetricPhrase(judgement.definition).noun
    guard let effect = judgement.effect else {
      return "\(noun) differs from 0 too seldom to tell"
    }
    let change = "\(noun) \(PercentText.signed(effect))"
    let threshold = "threshold of \(PercentText.plain(judgement.threshold.relative)) %"
    guard let half = halfWidth(judgement), !isPrecise(judgement) else {
      return "\(change) lies at the \(threshold)"
    }
    return "\(change) is too wide for a \(threshold)" + more(half, judgement)
  }

  /// An interval narrows with the root of the number of trials. Hundreds of them are no advice.
  private static func more(_ half: Double, _ judgement: Judgement) -> String {
    let target = target(judgement.threshold)
    let count = Double(min(judgement.baseline.count, judgement.candidate.count))
    let ratio = half / target
    guard target > 0, ratio < 5 else { return ", by far" }
    let more = Int(nearest: (count * (ratio * ratio - 1)).rounded(.up))
    return ", about \(more) more trial\(more == 1 ? "" : "s") would narrow it"
  }
}
