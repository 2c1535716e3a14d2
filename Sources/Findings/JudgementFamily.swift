import Model

/// A judgement whose verdict waits for the number of comparisons.
struct JudgementDraft {
  /// What the values say; nil of `JudgementDraft.test` means that the exact lane has decided.
  struct Test {
    /// The p-value of the hypothesis that it got worse by no more than the threshold.
    let worse: Double
    /// The same for better.
    let better: Double
    /// Whether the change is shown to be within the threshold.
    let isSame: Bool
    /// What tells how many trials a small p-value takes, and how small a change they find.
    let contrast: Contrast
  }

  var judgement: Judgement
  let test: Test?
}

/// Turns drafts into verdicts, all that decide about a check together.
///
/// `regression` where Holm's adjusted p-value is at most 5 %, so that among all comparisons that gate, the chance of
/// a single false alarm is at most that; mirrored, `improvement`. What only informs is adjusted on its own, and
/// costs the gate nothing. `same` needs no adjustment: it raises no alarm. What is detectable is worked out for Holm's
/// first step, in which one of so many comparisons must stand for itself.
enum JudgementFamily {
  /// The level of verdicts: α.
  static let level = 0.05

  /// The judgements with their verdicts, in the order given.
  static func decide(_ drafts: [JudgementDraft]) -> [Judgement] {
    var judgements = drafts.map(\.judgement)
    for gates in [true, false] {
      let members = drafts.indices.filter {
        drafts[$0].test != nil && drafts[$0].judgement.threshold.gates == gates
      }
      let tests = members.compactMap { drafts[$0].test }
      let worse = Holm.adjust(tests.map(\.worse))
      let better = Holm.adjust(tests.map(\.better))
      for (place, index) in members.enumerated() {
        let p = AdjustedP(regression: worse[place], improvement: better[place])
        decide(&judgements[index], tests[place], p, of: members.count)
      }
    }
    return judgements
  }

  private static func decide(
    _ judgement: inout Judgement, _ test: JudgementDraft.Test, _ p: AdjustedP, of count: Int
  ) {
    // A hair of tolerance for products of rounded numbers.
    let limit = level * (1 + 1e-12)
    judgement.adjustedP = p
    judgement.detectable = DetectableChange.estimate(
      test.contrast, beyond: judgement.threshold, level: level / Double(count))
    if p.regression <= limit {
      judgement.verdict = .regression
    } else if p.improvement <= limit {
      judgement.verdict = .improvement
    } else if test.isSame {
      judgement.verdict = .same
    } else {
      judgement.verdict = .inconclusive
      judgement.missing = test.contrast.relative.missing(for: level / Double(count))
    }
  }
}
