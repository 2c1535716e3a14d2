import Model

/// Values of a table of functions as people read them.
struct FunctionFigures {
  private let table: FunctionTable
  private let cumulative: Bool

  /// Chooses own values, or cumulative ones where callers are known.
  init(_ table: FunctionTable, cumulative: Bool) {
    self.table = table
    self.cumulative = cumulative
  }

  /// The heading, with the mark of what was not counted, e.g. `~live_bytes` or `sim loads (own)`.
  ///
  /// Which of the two values stands there is said where the table mixes them.
  func title(_ index: Int) -> String {
    let column = table.columns[index]
    let isMixed = cumulative && !column.hasCumulative
    return column.provenance.mark + column.name + (isMixed ? " (own)" : cumulative ? " (cum)" : "")
  }

  /// A function's value with its part of the whole, e.g. `64.0 MiB 97.4 %`; `—` when nothing is known.
  func text(_ row: FunctionTable.Row, _ index: Int) -> String {
    guard row.values.indices.contains(index), let value = row.values[index],
      let number = cumulative && table.columns[index].hasCumulative ? value.cumulative : value.own,
      number.isFinite
    else { return "—" }
    let column = table.columns[index]
    let share = table.whole(of: column).flatMap { ProfileChoice.share(number, of: $0) }
    let figure = ProfileChoice.text(number, unit: column.unit, isChange: column.baseColumn != nil)
    return figure + (share.map { " " + $0 } ?? "")
  }
}
