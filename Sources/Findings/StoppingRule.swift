import Model

/// When enough blocks are measured: a pure decision from what is known after each step.
///
/// It looks at how wide the intervals are and never at which way they point, because stopping as soon as a p-value is
/// small makes false alarms of it. An interval is narrow enough at half of the threshold to either side.
public struct StoppingRule: Hashable, Sendable {
  /// What to do next.
  public enum Decision: Hashable, Sendable {
    /// Measure until so many blocks are complete, then ask again.
    case measure(upTo: Int)
    /// Stop; a sentence says why.
    case stop(String)
  }

  /// Blocks before the first look; at least as many as a verdict takes.
  public var first: Int
  /// Blocks between looks.
  public var step: Int
  /// Blocks after which it ends in any case.
  public var most: Int
  /// The time that the run may take; nil for any.
  public var budget: Nanoseconds?

  /// States a rule; by default 10 blocks, then 5 more at a time, to 40.
  public init(first: Int = 10, step: Int = 5, most: Int = 40, budget: Nanoseconds? = nil) {
    self.first = max(1, first)
    self.step = max(1, step)
    self.most = max(1, most)
    self.budget = budget
  }

  /// What to do after so many complete measured blocks, which took so long together with what came before them.
  ///
  /// `judgements` are those of the comparison that the run is for; what only informs is not waited for.
  public func decide(blocks: Int, elapsed: Nanoseconds, judgements: [Judgement]) -> Decision {
    let gating = judgements.filter { $0.threshold.gates && $0.lane == .sampled }
    if blocks >= most { return .stop("\(blocks) blocks, the most that are measured" + rest(gating)) }
    let needed = SignedRank.pairsNeeded(
      forProbability: JudgementFamily.level / Double(max(1, gating.count)))
    let least = max(first, needed)
    if blocks >= least, gating.allSatisfy(Doubt.isPrecise) {
      let reason =
        gating.isEmpty
        ? "nothing that gates needs more"
        : "every interval that gates is narrow enough for its threshold"
      return .stop("\(blocks) blocks: \(reason)")
    }
    let next = min(most, blocks < least ? least : blocks + step)
    return fit(next, blocks: blocks, elapsed: elapsed, rest: rest(gating))
  }

  /// As many of the next blocks as fit into the budget, judged by those before.
  private func fit(_ next: Int, blocks: Int, elapsed: Nanoseconds, rest: String) -> Decision {
    guard let budget else { return .measure(upTo: next) }
    let left = (budget - elapsed).seconds
    guard left > 0 else { return .stop("\(blocks) blocks, then the time budget was used up" + rest) }
    guard blocks > 0, elapsed.count > 0 else { return .measure(upTo: next) }
    let fitting = left / (elapsed.seconds / Double(blocks))
    guard fitting >= 1 else {
      return .stop("\(blocks) blocks: another would not fit into the time budget" + rest)
    }
    return .measure(upTo: blocks + Int(nearest: min(Double(next - blocks), fitting).rounded(.down)))
  }

  /// What is still too wide.
  private func rest(_ gating: [Judgement]) -> String {
    let wide = gating.count { !Doubt.isPrecise($0) }
    guard wide > 0 else { return "" }
    return "; \(wide) of \(gating.count) intervals that gate \(wide == 1 ? "is" : "are") still wider than "
      + "half of the threshold to either side"
  }
}
