import Model

/// Percentiles of the time that a call takes, where calls were timed.
struct LatencySection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let metrics = view.metrics.filter {
      $0.id.rawValue.hasPrefix("malloc_") || $0.id.rawValue.hasPrefix("free_")
    }
    guard let bars = MetricBars(view: view, metrics: metrics.filter { $0.unit == .nanoseconds }).markup
    else {
      guard view.empty.contains(where: { $0.definition.id == "malloc_p99" }) else { return nil }
      return Page.Section(
        id: "latency", title: "Latency of calls",
        body:
          "<p class=\"intro\">Calls were not timed: \(reason(view)). <code>heapscale run --latency</code> does.</p>"
      )
    }
    return Page.Section(
      id: "latency", title: "Latency of calls",
      intro:
        "How long a call of malloc or free took: the median, and what 99 %, 99.9 % and all calls stayed below. Each "
        + "includes one reading of the clock.",
      body: bars)
  }

  private func reason(_ view: SessionView) -> String {
    view.empty.first { $0.definition.id == "malloc_p99" }?.reasons.first ?? "not asked for"
  }
}
