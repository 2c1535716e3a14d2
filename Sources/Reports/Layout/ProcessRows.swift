import Model

/// The processes of a trial as rows of a table, whatever the format.
///
/// A small tree is shown process by process with its branches, a large one by kind: command, allocator and end.
struct ProcessRows {
  /// One row. Texts may be foreign: formats escape them.
  struct Row {
    /// How deep it stands in the tree; 0 for kinds.
    var depth = 0
    /// What is shown.
    let kind: ProcessKind

    /// The command, with how many there are.
    var name: String { (kind.command ?? "other commands") + (kind.count > 1 ? " × \(kind.count)" : "") }
    /// The allocator, with a question mark where it is not proved.
    var allocator: String {
      let name = kind.allocator?.rawValue ?? "unknown"
      return kind.verified ? name : name + " ?"
    }
    /// How it ended.
    var outcome: String { kind.outcome?.longName ?? "not seen" }
    /// Peak, CPU time, share of the tree, begin and end.
    var figures: [String] {
      [
        kind.peakResident.map { FigureText.text($0) } ?? "—", kind.cpu.map { FigureText.text($0) } ?? "—",
        kind.residentShare.map { FigureText.digits($0 * 100) + " %" } ?? "—",
        FigureText.text(kind.began), kind.ended.map { FigureText.text($0) } ?? "—",
      ]
    }
  }

  /// Names of the columns: two texts, the figures, a text.
  static let titles = ["process", "malloc by", "peak", "CPU", "of the tree", "began", "ended", "outcome"]

  /// The rows.
  let rows: [Row]
  /// How many processes there are.
  let count: Int
  /// Whether a row stands for all processes of a kind.
  let isGrouped: Bool
  /// What a reader must know of them.
  let notes: [String]

  /// Lays out a table in at most `limit` rows or so.
  init(_ table: ProcessTable, limit: Int = 24) {
    count = table.count
    isGrouped = count > limit
    if isGrouped {
      rows = ProcessKind.joined(table.kinds, limit: limit).map { Row(kind: $0) }
    } else {
      rows = ProcessRows.tree(table.records) + table.others.map { Row(kind: $0) }
    }
    var notes: [String] = []
    if isGrouped {
      notes.append(
        "× N: processes of one command, allocator and outcome taken together: the highest peak of one, CPU time and share "
          + "of all, the first begin and the last end.")
    }
    if rows.contains(where: { !$0.kind.verified }) {
      notes.append("?: nothing proves that this allocator served malloc there.")
    }
    self.notes = notes
  }

  /// Each process below its parent, with its own children before its parent's next one. A number may be used again: the
  /// latest process before counts.
  private static func tree(_ records: [ProcessRecord]) -> [Row] {
    var latest: [Int32: Int] = [:]
    var children: [Int: [Int]] = [:]
    var roots: [Int] = []
    for (index, record) in records.enumerated() {
      if let parent = latest[record.parent] {
        children[parent, default: []].append(index)
      } else {
        roots.append(index)
      }
      latest[record.pid] = index
    }
    var rows: [Row] = []
    var waiting = roots.reversed().map { (index: $0, depth: 0) }
    while let (index, depth) = waiting.popLast() {
      rows.append(Row(depth: depth, kind: ProcessKind(records[index])))
      waiting += (children[index] ?? []).reversed().map { (index: $0, depth: min(depth + 1, 8)) }
    }
    return rows
  }
}

/// The processes of those cells of a session that are trees.
struct ProcessTables {
  /// One cell's.
  struct Entry {
    /// Arm, variant and settings, as far as they tell cells apart.
    let name: String
    /// The block of the trial, as users count.
    let block: Int
    let rows: ProcessRows
  }

  /// More would drown the figures; the others are in JSON and in `show --curve`.
  static let cellLimit = 12

  /// The cells, in the order of the plan.
  let entries: [Entry]
  /// Cells with processes that are not among them.
  let left: Int

  /// Finds the cells in which several processes ran.
  init(_ result: SessionResult, rows: Int = 8) {
    let trees = result.cells.filter { ($0.processes?.table.count ?? 0) > 1 }
    let hasArms = Set(result.cells.compactMap(\.cell.subject.arm)).count > 1
    let hasSettings = Set(result.cells.map(\.cell.settings.name)).count > 1
    entries = trees.prefix(ProcessTables.cellLimit).compactMap { result in
      guard let processes = result.processes else { return nil }
      let cell = result.cell
      let parts = [
        hasArms ? cell.subject.arm : nil, result.variantName, hasSettings ? cell.settings.name : nil,
      ]
      return Entry(
        name: parts.compactMap(\.self).joined(separator: " · "), block: processes.block + 1,
        rows: ProcessRows(processes.table, limit: rows))
    }
    left = trees.count - entries.count
  }

  /// A heading for all.
  static let title = "Processes"
  /// Whose they are.
  static let explanation = "of one trial of each cell: the one whose peak is the median"

  /// What is said below them, each once.
  var notes: [String] {
    var notes: [String] = []
    for note in entries.flatMap(\.rows.notes) where !notes.contains(note) { notes.append(note) }
    return notes
      + (left > 0
        ? ["\(left) more cells have several processes: see JSON, or show --curve for one of them."] : [])
  }
}
