import Model
import OrderedCollections

/// The changes between two variants: a row for each workload, a column for each metric, and the means below.
struct LibcTable {
  /// One workload, or one workload with one set of settings.
  struct Row {
    let label: String
    /// By the order of the metrics; nil where one side has no value.
    let judgements: [Judgement?]
  }

  /// The pair.
  let pair: VariantPair
  /// The columns: metrics for which the pair has a value somewhere.
  let metrics: [MetricDefinition]
  let rows: [Row]
  /// Changes over all workloads by settings, in the order of the metrics; empty for a single workload.
  let means: [(place: String, effects: [Effect?])]

  /// Lays out what an effect says about one of its pairs.
  init(_ pair: VariantPair, of effect: FactorEffect, metrics: [MetricDefinition]) {
    self.pair = pair
    let judgements = (effect.comparison?.judgements ?? []).filter {
      $0.baseline.cell.variant == pair.baseline && $0.candidate.cell.variant == pair.candidate
    }
    let known = Set(judgements.map(\.definition.id))
    let columns = metrics.filter { known.contains($0.id) }
    self.metrics = columns
    rows = OrderedDictionary(grouping: judgements, by: \.place).map { place, members in
      Row(
        label: LibcTable.label(place),
        judgements: columns.map { metric in members.first { $0.definition.id == metric.id } })
    }
    let own = (effect.comparison?.means ?? []).filter {
      $0.baseline == pair.baselineName && $0.candidate == pair.candidateName
    }
    means = OrderedDictionary(grouping: own, by: \.place).map { place, members in
      (place, columns.map { metric in members.first { $0.definition.id == metric.id }?.effect })
    }
  }

  /// The columns that fit.
  func limited(to count: Int) -> LibcTable {
    LibcTable(
      pair: pair, metrics: Array(metrics.prefix(count)),
      rows: rows.map { Row(label: $0.label, judgements: Array($0.judgements.prefix(count))) },
      means: means.map { ($0.place, Array($0.effects.prefix(count))) })
  }

  private init(
    pair: VariantPair, metrics: [MetricDefinition], rows: [Row], means: [(place: String, effects: [Effect?])]
  ) {
    self.pair = pair
    self.metrics = metrics
    self.rows = rows
    self.means = means
  }

  /// What a judgement's place is called in a column of its own: `larson`, not `on larson`.
  private static func label(_ place: String) -> String {
    for start in ["on ", "in "] where place.hasPrefix(start) { return String(place.dropFirst(3)) }
    return place.isEmpty ? "the command" : place
  }
}

/// A change in one short cell, and how sure it is.
enum ShortChange {
  /// `−38 %`; in parentheses where the interval holds no change, with `?` where there is no interval.
  static func text(_ effect: Effect?) -> String {
    guard let effect, effect.isFinite else { return "—" }
    if effect.change == 0, effect.low == 0, effect.high == 0 { return "=" }
    let change = ChangeText.text(Effect(change: effect.change, low: nil, high: nil, pairs: effect.pairs))
    switch effect.isMeasurable {
    case true?: return change
    case false?: return "(\(change))"
    case nil: return change + "?"
    }
  }

  /// `[−41, −35]`; nothing where there is no interval.
  static func interval(_ effect: Effect?) -> String {
    guard let effect, effect.isFinite, effect.low != nil else { return "" }
    let text = ChangeText.text(effect)
    return text.firstIndex(of: "[").map { String(text[$0...]) } ?? ""
  }
}
