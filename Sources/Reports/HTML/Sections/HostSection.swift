import Model
import OrderedCollections

/// The machine, what disturbed it, and the files that took part.
struct HostSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let session = view.session
    let facts: [Markup] = session.host.map { fact in
      "<dt>\(fact.name.split(separator: "_").joined(separator: " "))</dt><dd>\(fact.value)</dd>"
    }
    let noise = OrderedSet(view.contents.comparisons.flatMap(\.noise))
    let sentences: [Markup] = noise.map { "<li>\($0)</li>" }
    let body: Markup = """
      <h3>Noise</h3>\(Markup.when(noise.isEmpty, "<p>Nothing was noticed that disturbed the machine.</p>"))\
      \(Markup.when(!noise.isEmpty, "<ul class=\"doubts\">\(sentences.joined())</ul>"))\(floors(view))
      <h3>Machine</h3>\(Markup.when(facts.isEmpty, "<p>Not recorded.</p>"))<dl>\(facts.joined())</dl>
      \(files(session))\(skipped(session))
      """
    return Page.Section(id: "host", title: "The machine and its noise", body: body)
  }

  /// How far the baseline is from itself, where it was measured twice.
  private func floors(_ view: SessionView) -> Markup {
    let floors = view.contents.comparisons.flatMap(\.noiseFloor).filter { $0.effect?.isFinite == true }
    guard !floors.isEmpty else { return "" }
    let rows = floors.compactMap { floor -> Markup? in
      guard let effect = floor.effect else { return nil }
      let judged = floor.exceeds.map { $0 ? "beyond what is tolerated" : "within" } ?? "too few trials"
      return HTMLTable.row(
        "\(floor.definition.title)",
        [
          HTMLTable.text(view.names.name(of: floor.cell.subject)),
          "<td data-v=\"\(figure: effect.change)\">\(ChangeText.text(effect))", HTMLTable.text(judged),
        ])
    }
    let columns: [HTMLTable.Column] = [
      .init(title: "metric", isText: true), .init(title: "workload", isText: true), .init(title: "change"),
      .init(title: "", isText: true),
    ]
    return HTMLTable(caption: "The baseline against itself (A/A)", columns: columns, rows: rows).markup
  }

  private func files(_ session: Session) -> Markup {
    guard !session.artifacts.isEmpty else { return "" }
    let rows = session.artifacts.map { file in
      HTMLTable.row(
        "<code>\(file.path)</code>",
        [
          HTMLTable.text(file.kind),
          "<td data-v=\"\(figure: Double(file.size.count))\">\(FigureText.text(file.size))",
          "<td class=\"l\"><code>\(String(file.sha256.prefix(16)))…</code>",
          HTMLTable.prose("\(file.origin)"),
        ])
    }
    let columns: [HTMLTable.Column] = [
      .init(title: "file", isText: true), .init(title: "kind", isText: true), .init(title: "size"),
      .init(title: "SHA-256", isText: true), .init(title: "origin", isText: true),
    ]
    let table = HTMLTable(style: "sortable", columns: columns, rows: rows).markup
    return "<details><summary>\(session.artifacts.count) files that took part</summary>\(table)</details>"
  }

  private func skipped(_ session: Session) -> Markup {
    guard !session.skipped.isEmpty else { return "" }
    let items: [Markup] = session.skipped.map { skip in
      "<dt>\(skip.variant.shortName)\(skip.workload.map { " on \($0)" } ?? "")</dt><dd>\(skip.reason)</dd>"
    }
    return "<h3>Not measured</h3><dl>\(items.joined())</dl>"
  }
}
