import Model

/// The table of simulated memory events, before a format decides how it looks.
///
/// Cells whose operations were counted are shown for each operation; the others, such as commands, as whole runs.
struct SimulationTable {
  /// One table with its heading.
  struct Part {
    let title: String
    let columns: [String]
    let rows: [[String]]
    /// Columns of names, which are aligned on the left.
    let labels: Int
  }

  /// The heading of the section.
  static let title = "Memory events, simulated"

  private let cells: [(cell: Cell, record: SimulationRecord)]
  private let names: SubjectNames

  /// Finds the cells of a result that were simulated, or were to be.
  init(_ result: SessionResult) {
    cells = result.cells.compactMap { cell in
      result.session.simulation(of: cell.cell).map { (cell.cell, $0) }
    }
    names = SubjectNames(cells.map(\.cell.subject))
  }

  /// One cell alone.
  init(_ cell: Cell, _ record: SimulationRecord) {
    cells = [(cell, record)]
    names = SubjectNames([cell.subject])
  }

  /// Whether there is nothing to show.
  var isEmpty: Bool { cells.isEmpty }

  /// What counted, and in which caches; each once.
  var facts: [String] {
    var facts: [String] = []
    for case let events? in cells.map(\.record.events) {
      for fact in [events.tool, SimulationText.geometry(events.geometry)] where !facts.contains(fact) {
        facts.append(fact)
      }
    }
    return facts
  }

  /// The tables that have rows.
  var parts: [Part] {
    let operations = cells.compactMap { cell, record in
      record.events.flatMap { events in
        events.perOperation.map {
          labels(cell) + SimulationText.perOperation($0, events.allocatorPerOperation) + ending(events)
        }
      }
    }
    let runs = cells.compactMap { cell, record in
      record.events.flatMap { events in
        events.perOperation == nil ? labels(cell) + SimulationText.whole(events) + ending(events) : nil
      }
    }
    return [
      part(
        "simulated, for each operation (a malloc with its free is two)", SimulationText.perOperation,
        operations),
      part("simulated, whole runs with start-up", SimulationText.whole, runs),
    ].filter { !$0.rows.isEmpty }
  }

  /// Why cells have no figures, and doubts about those that have.
  var notes: [NoteSection.Note] {
    cells.flatMap { cell, record in
      let lead = labels(cell).joined(separator: " ")
      let failure = record.unavailable.map {
        NoteSection.Note(lead: lead, text: "not simulated:", verbatim: [$0])
      }
      let doubts = (record.events?.notes ?? []).map { NoteSection.Note(lead: lead, text: $0) }
      return (failure.map { [$0] } ?? []) + doubts
    }
  }

  private func part(_ title: String, _ columns: [String], _ rows: [[String]]) -> Part {
    Part(
      title: title, columns: labelTitles + columns + ["same again"], rows: rows, labels: labelTitles.count)
  }

  private var showsSubjects: Bool { Set(cells.map(\.cell.subject)).count > 1 }
  private var showsSettings: Bool { cells.contains { $0.cell.settings.name != SettingsSet.none.name } }

  private var labelTitles: [String] {
    (showsSubjects ? ["workload"] : []) + ["variant"] + (showsSettings ? ["settings"] : [])
  }

  private func labels(_ cell: Cell) -> [String] {
    (showsSubjects ? [names.name(of: cell.subject)] : []) + [cell.variant.shortName]
      + (showsSettings ? [cell.settings.name] : [])
  }

  private func ending(_ events: SimulatedEvents) -> [String] {
    [events.isDeterministic.map { $0 ? "yes" : "no" } ?? "—"]
  }
}

/// Simulated figures in words.
enum SimulationText {
  /// Columns of figures for each operation.
  static let perOperation = [
    "loads/op", "in allocator", "stores/op", "in allocator", "D1 misses/1000 ops", "LL misses/1000 ops",
    "allocator's share",
  ]
  /// Columns of figures of whole runs.
  static let whole = [
    "loads", "in allocator", "stores", "in allocator", "D1 misses", "LL misses", "allocator's share",
  ]

  /// The figures under `perOperation`.
  static func perOperation(_ whole: EventTotals, _ inside: EventTotals?) -> [String] {
    [
      number(whole.loads), number(inside?.loads), number(whole.stores), number(inside?.stores),
      number(whole.d1Misses * 1000), number(whole.llMisses * 1000), share(inside, of: whole),
    ]
  }

  /// The figures under `whole`.
  static func whole(_ events: SimulatedEvents) -> [String] {
    [
      number(events.total.loads), number(events.allocator.loads), number(events.total.stores),
      number(events.allocator.stores), number(events.total.d1Misses), number(events.total.llMisses),
      share(events.allocator, of: events.total),
    ]
  }

  /// The caches in a line.
  static func geometry(_ geometry: CacheGeometry) -> String {
    func text(_ cache: CacheGeometry.Cache) -> String {
      "\(FigureText.text(cache.size)), \(cache.ways) ways"
    }
    return "I1 \(text(geometry.i1)); D1 \(text(geometry.d1)); LL \(text(geometry.ll)); lines of "
      + FigureText.text(geometry.d1.line)
  }

  /// Of loads and stores together, in per cent.
  private static func share(_ inside: EventTotals?, of whole: EventTotals) -> String {
    guard let inside, whole.loads + whole.stores > 0 else { return "—" }
    let share = (inside.loads + inside.stores) / (whole.loads + whole.stores)
    return "\(Int((share * 100).rounded())) %"
  }

  /// A difference of two runs may be below zero, which is no figure.
  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite, value >= 0 else { return "—" }
    return FigureText.text(value, unit: value < 100 ? .ratio : .count)
  }
}
