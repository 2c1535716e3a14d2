import Model
import OrderedCollections

/// Which allocator served malloc in each variant, and how that is known.
struct IdentitySection: PageSection {
  /// Cells of one variant that tell the same.
  private struct Key: Hashable {
    let variant: Variant
    let name: String
    let identity: Identity
  }

  func section(_ view: SessionView) -> Page.Section? {
    let seen = view.result.cells.filter { $0.leftOut == nil }
    let found = OrderedDictionary(grouping: seen) {
      Key(
        variant: $0.cell.variant, name: $0.variantName,
        identity: Identity(allocator: $0.identity.allocator, evidence: [], verified: $0.identity.verified))
    }
    guard !found.isEmpty else { return nil }
    let rows = found.map { key, cells in
      row(key, cells, all: seen.filter { $0.cell.variant == key.variant }.count)
    }
    let columns: [HTMLTable.Column] = [
      .init(title: "variant", isText: true), .init(title: "served malloc", isText: true),
      .init(title: "cells"),
      .init(title: "evidence", isText: true),
    ]
    return Page.Section(
      id: "identity", title: "Proof of what ran",
      intro:
        "In every trial the processes themselves were looked at: which file malloc and free come from in each, and what "
        + "static programs hold. Figures of a cell that is not verified get no ratio and are never marked as best.",
      body: HTMLTable(columns: columns, rows: rows).markup)
  }

  private func row(_ key: Key, _ cells: [CellResult], all: Int) -> Markup {
    let name = key.identity.allocator?.rawValue ?? "nothing was recognised"
    let proof = key.identity.verified ? "✓ \(name), proved" : "? \(name), not verified"
    let evidence = cells.lazy.map(\.identity.evidence).first { !$0.isEmpty } ?? []
    let lines: [Markup] = evidence.map { "<code>\($0)</code>" }
    return HTMLTable.row(
      .name(key.name),
      [
        "<td class=\"l \(key.identity.verified ? "good" : "bad")\">\(proof)",
        HTMLTable.figure("\(cells.count) of \(all)"),
        HTMLTable.prose(lines.joined("<br>")),
      ])
  }
}
