import Model

/// What one settings set changed in one variant, in a sentence: measurable changes first, then what did not
/// change measurably, then what too few trials cannot tell.
struct SettingsFinding {
  private let measurable: [String]
  private let unchanged: [String]
  private let undecided: [String]
  private let failure: String?
  private let canAct: Bool
  /// How many of its metrics have an interval.
  let intervals: Int

  /// Judges the metrics of a cell against those of the same variant's default.
  init(_ cell: CellResult, base: CellResult, metrics: [MetricDefinition]) {
    var measurable: [String] = []
    var unchanged: [String] = []
    var undecided: [String] = []
    for metric in metrics {
      switch Judgement(cell.metric(metric.id), in: cell, base: base) {
      case .measurable(let text): measurable.append("\(metric.title) \(text)")
      case .unchanged: unchanged.append(metric.title)
      case .undecided(let text): undecided.append("\(metric.title) \(text)")
      case .none: break
      }
    }
    self.measurable = measurable
    self.unchanged = unchanged
    self.undecided = undecided
    intervals = measurable.count + unchanged.count
    canAct = cell.audit.isEmpty || cell.audit.contains(where: \.verdict.canAct)
    failure =
      base.isFailed
      ? "no figures of the default to compare with: \(base.outcomeText)"
      : cell.isFailed ? cell.leftOut ?? "no figures: \(cell.outcomeText)" : nil
  }

  /// An effect of settings that the audit says do nothing: one of both is wrong.
  private var contradiction: String {
    ", which contradicts the audit that no setting acts: a fault of the audit, unless it is chance"
  }

  /// The sentence, without a full stop.
  var sentence: String {
    if let failure { return failure }
    let isAll = measurable.isEmpty && undecided.isEmpty
    let none = "no measurable effect" + (isAll ? "" : " on \(unchanged.joined(separator: ", "))")
    let parts = [
      measurable.joined(separator: ", ") + (measurable.isEmpty || canAct ? "" : contradiction),
      unchanged.isEmpty ? "" : none,
      undecided.isEmpty ? "" : "too few trials to tell (\(undecided.joined(separator: ", ")))",
    ].filter { !$0.isEmpty }
    return parts.isEmpty ? "no metric has values on both sides" : parts.joined(separator: "; ")
  }
}

/// What can be said about one metric.
private enum Judgement {
  case measurable(String)
  case unchanged
  case undecided(String)

  /// Nil where one side has no figure.
  init?(_ metric: MetricResult?, in cell: CellResult, base: CellResult) {
    guard let metric, case .figure(let summary, _) = metric.reading(in: cell) else { return nil }
    guard case .figure(let before, _)? = base.metric(metric.definition.id)?.reading(in: base) else {
      return nil
    }
    if let effect = metric.effect {
      self.init(effect)
    } else if metric.settingsEffect == nil, before.median == 0, summary.median != 0 {
      self.init(from: before, to: summary, unit: metric.definition.unit)
    } else {
      return nil
    }
  }

  private init(_ effect: Effect) {
    switch effect.isMeasurable {
    case true?: self = .measurable(ChangeText.text(effect) + (effect.note.map { " (\($0))" } ?? ""))
    case false?: self = .unchanged
    case nil: self = .undecided(ChangeText.text(effect))
    }
  }

  /// From 0 throughout there is no relative change; the interval of the new median tells whether it is one.
  private init(from before: Summary, to after: Summary, unit: MetricUnit) {
    let text = ChangeText.text(from: before.median, to: after.median, unit: unit)
    guard let low = after.low, let high = after.high else {
      self = .undecided(text)
      return
    }
    self = low > 0 || high < 0 ? .measurable(text) : .unchanged
  }
}
