import Model
import OrderedCollections

/// How much each variant and setting changes what it is compared with, with intervals: a forest plot for each metric.
struct EffectSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let comparisons = view.contents.comparisons.filter { !$0.judgements.isEmpty }
    guard !comparisons.isEmpty else { return nil }
    let forests: [Markup] = comparisons.enumerated().map { number, comparison in
      let title: Markup = .when(comparisons.count > 1, "<h3>\(comparison.title)</h3>")
      return title + ForestPlots(comparison: comparison, number: number, metrics: view.leading).markup
    }
    return Page.Section(
      id: "effects", title: "Effects with their intervals",
      intro:
        "The change against what it is compared with, trial by trial within the same block, with its 95 % interval. "
        + "Dots left of the line mean less, right of it more; the grey band is what is tolerated. An interval that "
        + "crosses the band's edge decides nothing.",
      body: forests.joined())
  }
}

/// The forest plots of one comparison, one unfolding for each metric.
struct ForestPlots {
  let comparison: ComparisonResult
  let number: Int
  /// Metrics that a reader wants first.
  let metrics: [MetricDefinition]

  /// The plots; the first is open.
  var markup: Markup {
    let byMetric = OrderedDictionary(grouping: comparison.judgements, by: \.definition.id)
    let wanted = byMetric.filter { id, judgements in isWanted(id) || matters(judgements) }.keys
    let plots: [Markup] = wanted.enumerated().compactMap { place, id in
      byMetric[id].map { judgements in
        let means = comparison.means.filter { $0.definition.id == id }
        let plot = ForestPlot(id: "forest-\(number + 1)-\(place + 1)", judgements: judgements, means: means)
        return """
          <details\(Markup.when(place == 0, " open"))><summary>\(judgements[0].definition.title): \
          \(VerdictTally.counts(judgements))</summary>\(plot.markup)</details>

          """
      }
    }
    return plots.joined() + unchanged(Set(byMetric.keys).subtracting(wanted))
  }

  /// Wall time stands beside the CPU time that gates; other metrics are told by these.
  private func isWanted(_ id: MetricID) -> Bool {
    metrics.contains { $0.id == id && ["peak_resident", "retained_resident", "cpu", "wall"].contains(id) }
  }

  /// Whether something gates that is not the same.
  private func matters(_ judgements: [Judgement]) -> Bool {
    judgements.contains { $0.threshold.gates && $0.verdict != .same }
  }

  /// Metrics without a plot of their own.
  private func unchanged(_ ids: Set<MetricID>) -> Markup {
    let left = comparison.judgements.filter { ids.contains($0.definition.id) }
    guard !left.isEmpty else { return "" }
    let names = OrderedSet(left.map(\.definition.title)).joined(separator: ", ")
    return """
      <p class="note">Compared as well, without a plot here: \(names) (\(VerdictTally.counts(left))). The JSON report has \
      them.</p>
      """
  }
}
