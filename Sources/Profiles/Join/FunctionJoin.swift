import Model

/// Joins profiles of one program into one table of functions.
///
/// A function is the same in two profiles when its demangled name is the same and the base names of its file are,
/// where both know the file. One that names no file joins the row of that name when there is exactly one; else it
/// gets a row of its own. Everything inside the allocator is one row, `[allocator]`, whatever its file.
///
/// Functions of a profile that was read from a file join those of other profiles only where its mapped file is known to
/// be the same: by build-id or by path and mapping.
///
/// A profile that says nothing of a function leaves its place empty: it may have been too small to be sampled.
public struct FunctionJoin: Sendable {
  /// To whom a stack's value belongs.
  public enum Charge: Hashable, Sendable {
    /// To the innermost frame: what code did itself, e.g. loads or page faults.
    case innermost
    /// To the innermost frame outside the allocator: who asked for memory. The allocator has no part.
    case caller
  }

  private var table: FunctionTable
  private var rows: [Key: Int] = [:]
  private var named: [Name: [Int]] = [:]
  /// The whole path of a row's file, where it was known.
  private var paths: [Int: String] = [:]

  /// A function by name and file. Only those of one program share a scope.
  private struct Key: Hashable {
    let function: String
    let object: String
    let scope: String
  }

  private struct Name: Hashable {
    let function: String
    let scope: String
  }

  /// Begins a table.
  public init(title: String) { table = FunctionTable(title: title, columns: [], rows: []) }

  /// Adds all columns of a profile.
  ///
  /// `prefix` stands before the names of its columns where several profiles have the same, e.g. `jemalloc.`.
  /// Recursion counts once: a cumulative value is the sum of the stacks in which the function occurs.
  public mutating func add(_ profile: StackProfile, charge: Charge, prefix: String = "") {
    let first = table.columns.count
    let totals = profile.totals
    for (column, total) in zip(profile.columns, totals) {
      append(
        .init(
          name: unique(prefix + column.name), unit: column.unit, provenance: column.provenance,
          explanation: column.explanation, total: total, hasCumulative: true))
    }
    for (offset, column) in profile.columns.enumerated() {
      let base = profile.columns.firstIndex { $0.name == column.baseColumn }
      table.columns[first + offset].baseColumn = base.map { table.columns[first + $0].name }
    }
    let places = profile.frames.map { frame -> Int? in
      charge == .caller && frame.role == .allocator ? nil : row(of: frame, in: profile.source)
    }
    for sample in profile.samples {
      let stack = sample.stack.compactMap { places.indices.contains($0) ? places[$0] : nil }
      var seen: Set<Int> = []
      for (depth, row) in stack.enumerated() where seen.insert(row).inserted {
        for (offset, value) in sample.values.enumerated() where offset < profile.columns.count {
          add(value, to: row, column: first + offset, isOwn: depth == 0)
        }
      }
    }
    table.notes += profile.notes.filter { !table.notes.contains($0) }
  }

  /// Adds what a simulated machine counted in each function: loads, stores and misses. Callers are not known.
  public mutating func add(_ events: SimulatedEvents, prefix: String = "") {
    let kinds: [(name: String, what: String, count: (EventTotals) -> Double)] = [
      ("loads", "architectural loads", \.loads), ("stores", "architectural stores", \.stores),
      ("d1_misses", "misses of the first-level data cache", \.d1Misses),
      ("ll_misses", "misses of the last-level cache", \.llMisses),
    ]
    let first = table.columns.count
    for kind in kinds {
      append(
        .init(
          name: unique(prefix + kind.name), unit: .count, provenance: .simulated,
          explanation: "\(kind.what), \(events.tool)", total: kind.count(events.total), hasCumulative: false))
    }
    for function in events.functions where function.frame.role != .allocator {
      let row = row(of: function.frame, in: nil)
      for (offset, kind) in kinds.enumerated() {
        add(kind.count(function.own), to: row, column: first + offset, isOwn: true, cumulative: false)
      }
    }
    // Its functions are listed as far as they are large; the share is known exactly.
    let inside = row(of: Frame(function: Frame.allocatorName, object: "", role: .allocator), in: nil)
    for (offset, kind) in kinds.enumerated() {
      add(kind.count(events.allocator), to: inside, column: first + offset, isOwn: true, cumulative: false)
    }
    table.notes += events.notes.filter { !table.notes.contains($0) }
  }

  /// The table, its rows in the order of the first column's own values.
  public func finished() -> FunctionTable {
    guard let first = table.columns.first else { return table }
    return (try? table.sorted(by: first.name)) ?? table
  }

  private mutating func append(_ column: FunctionTable.Column) {
    table.columns.append(column)
    for index in table.rows.indices { table.rows[index].values.append(nil) }
  }

  private mutating func add(
    _ value: Double, to row: Int, column: Int, isOwn: Bool, cumulative: Bool = true
  ) {
    var sum = table.rows[row].values[column] ?? .init(own: nil, cumulative: nil)
    if isOwn { sum.own = (sum.own ?? 0) + value }
    if cumulative { sum.cumulative = (sum.cumulative ?? 0) + value }
    table.rows[row].values[column] = sum
  }

  private func unique(_ name: String) -> String {
    guard table.columns.contains(where: { $0.name == name }) else { return name }
    let numbers = sequence(first: 2) { $0 + 1 }
    return numbers.lazy.map { "\(name)_\($0)" }
      .first { candidate in !table.columns.contains { $0.name == candidate } } ?? name
  }

  private mutating func row(of frame: Frame, in source: StackProfile.Source?) -> Int {
    if frame.role == .allocator {
      return row(Key(function: Frame.allocatorName, object: "", scope: ""), frame)
    }
    let object = String(frame.object.split(separator: "/").last ?? "")
    let isOther = source.map { !$0.verified.contains(frame.object) } ?? false
    var scope = isOther ? source?.file ?? "" : ""
    // The same base name elsewhere is another file.
    if source != nil, !isOther, let known = rows[Key(function: frame.function, object: object, scope: "")],
      let path = paths[known], path != frame.object
    {
      scope = frame.object
    }
    let same = named[Name(function: frame.function, scope: scope)] ?? []
    let key = Key(function: frame.function, object: object, scope: scope)
    if let exact = rows[key] { return exact }
    if object.isEmpty {
      if same.count == 1 { return same[0] }
    } else if same.count == 1, table.rows[same[0]].object.isEmpty {
      // The first profile did not know the file; now it is known.
      rows[Key(function: frame.function, object: "", scope: scope)] = nil
      rows[key] = same[0]
      table.rows[same[0]].object = object
      if frame.object.hasPrefix("/") { paths[same[0]] = frame.object }
      return same[0]
    }
    return row(key, frame)
  }

  private mutating func row(_ key: Key, _ frame: Frame) -> Int {
    if let known = rows[key] { return known }
    let index = table.rows.count
    rows[key] = index
    named[Name(function: key.function, scope: key.scope), default: []].append(index)
    if frame.object.hasPrefix("/") { paths[index] = frame.object }
    table.rows.append(
      .init(
        function: key.function, object: key.object, role: frame.role,
        values: Array(repeating: nil, count: table.columns.count)))
    return index
  }
}
