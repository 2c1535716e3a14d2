import Model
import OrderedCollections

/// Memory events by where they come from: counted, simulated, or unavailable with the reason.
struct EventSection: PageSection {
  /// Counts that are no events of memory.
  private static let others: Set<MetricID> = [
    "operations", "go_gc_cycles", "switches_voluntary", "switches_involuntary",
  ]

  func section(_ view: SessionView) -> Page.Section? {
    let metrics = view.metrics.filter { EventSection.isEvent($0) }
    let counted = MetricBars(view: view, metrics: metrics).markup ?? Markup()
    let simulated = SimulationTables(view: view).markup
    let missing = unavailable(view)
    guard !(counted.isEmpty && simulated.isEmpty && missing.isEmpty) else { return nil }
    return Page.Section(
      id: "events", title: "Memory events",
      intro:
        "Page faults, loads, stores and cache misses. Counted ones come from the kernel or the processor, simulated ones "
        + "from a simulated machine; the two are never mixed. What could not be counted is no zero.",
      body: """
        \(Markup.when(!counted.isEmpty, "<h3>Counted</h3>"))\(counted)\
        \(Markup.when(!simulated.isEmpty, "<h3>Simulated</h3>"))\(simulated)\
        \(Markup.when(!missing.isEmpty, "<h3>Unavailable</h3>"))\(missing)
        """)
  }

  /// Counts, and counts for each operation.
  static func isEvent(_ metric: MetricDefinition) -> Bool {
    guard !others.contains(metric.id) else { return false }
    return metric.unit == .count || metric.id.rawValue.hasSuffix("_per_operation")
  }

  /// Metrics without any figure, those with one reason together.
  private func unavailable(_ view: SessionView) -> Markup {
    let missing = view.empty.filter { EventSection.isEvent($0.definition) }
    let byReason = OrderedDictionary(grouping: missing) { $0.reasons.joined(separator: "; ") }
    let items: [Markup] = byReason.map { reason, metrics in
      "<dt>\(metrics.map(\.definition.title).joined(separator: ", "))</dt><dd>\(reason)</dd>"
    }
    return items.isEmpty ? "" : "<dl>\(items.joined())</dl>"
  }
}
