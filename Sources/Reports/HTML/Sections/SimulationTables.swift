import Model
import OrderedCollections

/// What the simulated machine counted, one table for each simulator and set of caches.
struct SimulationTables {
  let view: SessionView

  /// The tables; nothing where nothing was simulated.
  var markup: Markup {
    let records = view.session.simulations
    let events = records.compactMap { record in record.events.map { (key: record.cellKey, events: $0) } }
    let failed = records.filter { $0.events == nil }
    let byTool = OrderedDictionary(grouping: events) { heading($0.events) }
    let tables: [Markup] = byTool.map { title, entries in
      let rows = entries.map { row($0.key, $0.events) }
      return HTMLTable(caption: title, style: "sortable", columns: SimulationTables.columns, rows: rows)
        .markup
    }
    let reasons: [Markup] = failed.map {
      "<dt>\(name($0.cellKey))</dt><dd>\($0.unavailable ?? "not simulated")</dd>"
    }
    return tables.joined() + .when(!reasons.isEmpty, "<dl>\(reasons.joined())</dl>")
  }

  private static let columns: [HTMLTable.Column] = [
    .init(title: "cell", isText: true), .init(title: "loads/operation"), .init(title: "stores/operation"),
    .init(title: "of them in the allocator"), .init(title: "D1 misses/operation"),
    .init(title: "LL misses/operation"), .init(title: "loads, whole run"), .init(title: "stores, whole run"),
    .init(title: "repeats", isText: true),
  ]

  private func heading(_ events: SimulatedEvents) -> String {
    let caches = [("I1", events.geometry.i1), ("D1", events.geometry.d1), ("LL", events.geometry.ll)].map {
      name, cache in
      "\(name) \(FigureText.text(cache.size)), \(cache.ways) ways, \(FigureText.text(cache.line)) lines"
    }
    return "simulated by \(events.tool); " + caches.joined(separator: "; ")
  }

  private func row(_ key: String, _ events: SimulatedEvents) -> Markup {
    let (own, each) = (events.allocatorPerOperation, events.perOperation)
    let share = own.flatMap { own in each.flatMap { part(own, of: $0) } }
    let repeats = events.isDeterministic.map { $0 ? "the same" : "differ" } ?? "one run"
    let cells = [
      figure(each?.loads), figure(each?.stores),
      share.map { HTMLTable.figure(ChangeText.share($0)) } ?? HTMLTable.nothing,
      figure(each?.d1Misses), figure(each?.llMisses), figure(events.total.loads), figure(events.total.stores),
      HTMLTable.text(([repeats] + events.notes).joined(separator: "; ")),
    ]
    return HTMLTable.row("\(name(key))", cells)
  }

  private func part(_ own: EventTotals, of all: EventTotals) -> Double? {
    let total = all.loads + all.stores
    return total > 0 ? (own.loads + own.stores) / total : nil
  }

  private func figure(_ value: Double?) -> Markup {
    guard let value, value.isFinite else { return HTMLTable.nothing }
    return "<td data-v=\"\(figure: value)\">\(FigureText.text(value, unit: .count))"
  }

  private func name(_ key: String) -> String {
    guard let cell = view.result.cells.first(where: { $0.cell.key == key })?.cell else { return key }
    return "\(view.names.name(of: cell.subject)) · \(view.label(cell))"
  }
}
