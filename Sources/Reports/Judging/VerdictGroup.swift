import Model

/// Judgements that a reader wants to see together, in the order of reading.
enum VerdictGroup: CaseIterable {
  /// Regressions that fail a check.
  case regression
  /// Regressions that only inform.
  case informing
  case improvement
  case inconclusive
  case same

  /// The group of a judgement.
  init(_ judgement: Judgement) {
    switch judgement.verdict {
    case .regression: self = judgement.threshold.gates ? .regression : .informing
    case .improvement: self = .improvement
    case .inconclusive: self = .inconclusive
    case .same: self = .same
    }
  }

  /// A heading.
  var title: String {
    switch self {
    case .regression: "Regressions"
    case .informing: "Regressions that only inform"
    case .improvement: "Improvements"
    case .inconclusive: "Inconclusive"
    case .same: "The same within the threshold"
    }
  }

  /// One column that tells it from the others without colours.
  var sign: String {
    switch self {
    case .regression: "✗"
    case .informing: "!"
    case .improvement: "✓"
    case .inconclusive: "?"
    case .same: "="
    }
  }

  /// How it looks on a terminal with colours.
  var role: Paint.Role {
    switch self {
    case .regression: .alarm
    case .informing, .inconclusive: .doubt
    case .improvement: .best
    case .same: .faint
    }
  }
}

/// How many judgements there are of each kind.
struct VerdictTally {
  private let judgements: [Judgement]

  /// Counts judgements.
  init(_ judgements: [Judgement]) { self.judgements = judgements }

  /// One sentence for those that gate and one for those that inform: `14 comparisons gate: 1 regression, 13 same.`
  var sentences: [String] {
    [(true, "gates", "gate"), (false, "only informs", "only inform")].compactMap { gates, one, many in
      let counted = judgements.filter { $0.threshold.gates == gates }
      guard !counted.isEmpty else { return nil }
      let head = counted.count == 1 ? "1 comparison \(one)" : "\(counted.count) comparisons \(many)"
      return "\(head): \(VerdictTally.counts(counted))."
    }
  }

  /// `1 regression, 2 inconclusive, 11 same`.
  static func counts(_ judgements: [Judgement]) -> String {
    Verdict.allCases.compactMap { verdict in
      let count = judgements.filter { $0.verdict == verdict }.count
      let plural = count > 1 && (verdict == .regression || verdict == .improvement) ? "s" : ""
      return count == 0 ? nil : "\(count) \(verdict.rawValue)\(plural)"
    }.joined(separator: ", ")
  }
}
