import Model

/// Peak, retained and half-life as bars.
struct MemorySection: PageSection {
  private static let metrics: [MetricID] = [
    "peak_resident", "retained_resident", "residence_half_life",
  ]

  func section(_ view: SessionView) -> Page.Section? {
    let metrics = MemorySection.metrics.compactMap { id in view.metrics.first { $0.id == id } }
    guard let bars = MetricBars(view: view, metrics: metrics).markup else { return nil }
    return Page.Section(
      id: "memory", title: "How much, and for how long",
      intro:
        "Peak resident is the most that was in RAM. Retained is what stayed after the program had freed everything and "
        + "idled. The half-life is the time until half of what was freed had gone back to the system. Bars begin at zero; "
        + "the thin line is the 95 % interval of the median; bold is the best.",
      body: bars)
  }
}
