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
        "One figure for every variant and workload: the median of its trials, and the change against "
        + "\(view.comparedWith). It is coloured where the whole interval of the change is beyond what is tolerated.",
      body: """
        \(switcher(view, shown))\(matrix)\(MatrixSection.key)
        <details id="all-figures"><summary>Every figure, by cell</summary>
        <p class="note">± is half the width of the median's 95 % interval. ~ marks what is sampled, s what is simulated; \
        everything else is counted. &lt; is below what the instrument resolves, and is compared with nothing.</p>\(figures)\(NoteList.markup(footnotes))</details>
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

  private func matrix(
    _ view: SessionView, _ metric: MetricDefinition, _ footnotes: inout Footnotes
  ) -> Markup {
    let rows = OrderedDictionary(grouping: view.result.cells.enumerated()) { view.label($0.element.cell) }
    let names = Array(view.groups.keys)
    var lines: [Markup] = []
    for (label, cells) in rows {
      var columns = [Markup](repeating: HTMLTable.nothing, count: names.count)
      for (place, cell) in cells {
        guard let column = names.firstIndex(of: view.group(of: cell.cell)) else { continue }
        let judgement = view.judgements(of: cell.cell)[metric.id]
        let figure = FigureCell(cell, metric.id, judgement).markup(&footnotes)
        columns[column] = Markup(trusted: "<td data-k=\"\(place)\"" + figure.text.dropFirst(3))
      }
      let isReference = cells.contains { view.isReference($0.element.cell) }
      lines.append(HTMLTable.row(.name(label), columns, style: .when(isReference, "ref")))
    }
    let heads = [HTMLTable.Column(title: "variant", isText: true)] + names.map { .init(title: "\($0)") }
    return HTMLTable(style: "matrix", columns: heads, rows: lines).markup
  }

  private static let key: Markup = """
    <ul class="key"><li><span class="b2">✓</span>better than the reference</li><li><span class="w2">✗</span>worse</li>
    <li><span>( )</span>its interval says so, but among so many comparisons chance could too</li>
    <li><span>=</span>the same within what is tolerated</li><li><span>?</span>too few trials or too much noise to say</li></ul>

    """
}

extension FigureCell {
  /// The figure of a metric in a cell, with what was found about it.
  init(_ cell: CellResult, _ metric: MetricID, _ judgement: Judgement?) {
    let definition = MetricDefinition(id: metric, title: "", explanation: "", unit: .count, better: .lower)
    let result =
      cell.metric(metric)
      ?? MetricResult(
        definition: definition, values: [], provenance: nil, summary: nil, unavailable: "not measured",
        ratioToReference: nil, isBest: false)
    self.init(metric: result, cell: cell, judgement: judgement)
  }
}
