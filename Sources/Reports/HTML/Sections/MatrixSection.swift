import Model
import OrderedCollections

/// Variants × workloads for one metric, which a script switches, and below it every figure of the session.
struct MatrixSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    guard let shown = view.leading.first ?? view.metrics.first else { return nil }
    var footnotes = Footnotes()
    let matrix = matrix(view, shown, &footnotes)
    let figures = FigureTable(view: view).markup(&footnotes)
    return Page.Section(
      id: "matrix", title: "At a glance",
      intro:
        "One figure for every variant and workload: the median of its trials, and the change against the "
        + "reference. It is coloured where the whole interval of the change is beyond what is tolerated.",
      body: """
        \(switcher(view, shown))\(matrix)\(MatrixSection.key)
        <details id="all-figures"><summary>Every figure, by cell</summary>
        <p class="note">± is half the width of the median's 95 % interval. ~ marks what is sampled, s what is simulated; \
        everything else is counted.</p>\(figures)\(NoteList.markup(footnotes))</details>
        """)
  }

  private func switcher(_ view: SessionView, _ shown: MetricDefinition) -> Markup {
    let options: [Markup] = view.metrics.map { metric in
      """
      <option value="\(metric.id.rawValue)" title="\(metric.explanation)"\(metric.id == shown.id ? " selected" : "")>\
      \(metric.title)\(metric.better == .lower ? " (lower is better)" : " (higher is better)")</option>
      """
    }
    return """
      <p class="tools"><label for="metric">Metric</label> <select id="metric" disabled>\(options.joined())</select>
      <span id="metric-note">\(shown.explanation)</span></p>
      """
  }

  private func matrix(_ view: SessionView, _ metric: MetricDefinition, _ footnotes: inout Footnotes) -> Markup
  {
    let groups = view.groups
    let rows = OrderedSet(view.result.cells.map { view.label($0.cell) })
    let index = Dictionary(view.result.cells.enumerated().map { ($0.element.cell.key, $0.offset) }) {
      first, _ in first
    }
    var lines: [Markup] = []
    for row in rows {
      var cells: [Markup] = []
      var isReference = false
      for group in groups.values {
        guard let cell = group.first(where: { view.label($0.cell) == row }) else {
          cells.append(HTMLTable.nothing)
          continue
        }
        isReference = isReference || view.isReference(cell.cell)
        let place = index[cell.cell.key] ?? 0
        let figure = FigureCell(view, cell, metric.id).markup(&footnotes)
        cells.append(Markup(trusted: "<td data-k=\"\(place)\"" + figure.text.dropFirst(3)))
      }
      lines.append(HTMLTable.row("\(row)", cells, style: isReference ? "ref" : ""))
    }
    let columns =
      [HTMLTable.Column(title: "variant", isText: true)] + groups.keys.map { .init(title: "\($0)") }
    return HTMLTable(style: "matrix", columns: columns, rows: lines).markup
  }

  private static let key: Markup = """
    <ul class="key"><li><span class="b2">✓</span>better than the reference</li><li><span class="w2">✗</span>worse</li>
    <li><span>( )</span>its interval says so, but among so many comparisons chance could too</li>
    <li><span>=</span>the same within what is tolerated</li><li><span>?</span>too few trials or too much noise to say</li></ul>

    """
}

extension FigureCell {
  /// The figure of a metric in a cell of a session.
  init(_ view: SessionView, _ cell: CellResult, _ metric: MetricID) {
    let result =
      cell.metric(metric)
      ?? MetricResult(
        definition: MetricDefinition(id: metric, title: "", explanation: "", unit: .count, better: .lower),
        values: [],
        provenance: nil, summary: nil, unavailable: "not measured", ratioToReference: nil, isBest: false)
    self.init(metric: result, cell: cell, judgement: view.judgement(of: cell.cell, metric))
  }
}
