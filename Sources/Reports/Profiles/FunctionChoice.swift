import Model

/// Which functions of a table are shown.
enum FunctionChoice {
  private static let usual = 20
  /// The part of some column that a function must have, when nobody asks for a number of them.
  private static let leastShare = 0.005

  /// The first rows, and the allocator's wherever it stands: its share is what the table is read for.
  static func rows(of table: FunctionTable, most: Int?, cumulative: Bool) -> [FunctionTable.Row] {
    let telling = table.rows.enumerated().filter {
      most != nil || $0.offset == 0 || isLarge($0.element, table, cumulative)
    }.map(\.element)
    let count = max(1, most ?? usual)
    let shown = Array(telling.prefix(count))
    guard let allocator = telling.dropFirst(count).first(where: { $0.role == .allocator }) else {
      return shown
    }
    return shown + [allocator]
  }

  private static func isLarge(_ row: FunctionTable.Row, _ table: FunctionTable, _ cumulative: Bool) -> Bool {
    zip(table.columns, row.values).contains { column, value in
      let usesCumulative = cumulative && column.hasCumulative
      guard let number = usesCumulative ? value?.cumulative : value?.own else { return false }
      // Where the whole is not known, neither is the part.
      guard let total = table.whole(of: column), total > 0 else {
        return (column.total == nil || column.baseColumn != nil) && number.magnitude > 0
      }
      return number.magnitude >= total * leastShare
    }
  }
}
