import Model

/// The curves of a group's trees by command, one chart for each cell; the first is open.
struct PartCharts {
  let id: String
  let entries: [(name: String, curve: CellCurve)]

  /// The charts, folded; nothing where no tree ran.
  var markup: Markup {
    let trees = entries.enumerated().filter { !$0.element.curve.parts.isEmpty }
    return trees.enumerated().map { place, tree in
      let chart = chart(tree.element.name, tree.element.curve, id: "\(id)-parts-\(tree.offset + 1)")
      return """
        <details class="part"\(Markup.when(place == 0, " open"))><summary>By command: \(tree.element.name)</summary>
        \(chart)</details>

        """
    }.joined()
  }

  private func chart(_ name: String, _ curve: CellCurve, id: String) -> Markup {
    let layers = curve.parts.enumerated().map { index, part in
      StackChart.Layer(
        name: part.command ?? "other commands",
        // The first colour is that of references: it comes last.
        style: part.command == nil ? "rest" : SeriesStyle(index: index + 1).colour,
        values: part.bytes.map { Double($0.count) })
    }
    return StackChart(
      id: id, title: "\(name) <small>by command, block \(curve.block + 1)</small>",
      description: "Resident bytes over time of the processes of "
        + "\(layers.map(\.name).joined(separator: ", ")), one on the other. The figures stand in the table below.",
      units: (.nanoseconds, .bytes),
      places: curve.resident.map { (x: Double($0.time.count), followsGap: $0.followsGap) }, layers: layers,
      table: figures(curve)
    ).markup
  }

  /// The highest reading of each part, and what it had when the tree had most.
  private func figures(_ curve: CellCurve) -> Markup {
    let top = curve.resident.indices.max { curve.resident[$0].bytes < curve.resident[$1].bytes }
    let rows = curve.parts.map { part in
      let highest = part.bytes.max() ?? Bytes(0)
      let atTop = top.map { part.bytes[$0] } ?? Bytes(0)
      return HTMLTable.row(
        "\(part.command ?? "other commands")", [PartCharts.cell(highest), PartCharts.cell(atTop)])
    }
    let columns: [HTMLTable.Column] = [
      .init(title: "command", isText: true), .init(title: "highest reading"),
      .init(title: "when the tree held most"),
    ]
    let table = HTMLTable(caption: "Of the readings that are drawn", columns: columns, rows: rows).markup
    return "<details><summary>The figures behind this chart</summary>\(table)</details>"
  }

  private static func cell(_ bytes: Bytes) -> Markup {
    "<td data-v=\"\(figure: Double(bytes.count))\">\(FigureText.text(bytes))"
  }
}
