/// What several profiles say of each function, side by side.
public struct FunctionTable: Hashable, Codable, Sendable {
  /// One kind of value.
  public struct Column: Hashable, Codable, Sendable {
    /// A stable name, unique in the table, e.g. `allocated_bytes`.
    public var name: String
    /// The unit of the values.
    public var unit: MetricUnit
    /// Where they come from.
    public var provenance: Provenance
    /// One sentence: what is counted, and how.
    public var explanation: String
    /// The sum over everything measured, functions without a row included; nil when not known.
    public var total: Double?
    /// Whether callers are known too: without them there are no cumulative values.
    public var hasCumulative: Bool
    /// For a difference, which may be negative: the column of the table that has the values before; nil for others.
    public var baseColumn: String?

    /// States a column.
    public init(
      name: String, unit: MetricUnit, provenance: Provenance, explanation: String, total: Double?,
      hasCumulative: Bool, baseColumn: String? = nil
    ) {
      self.name = name
      self.unit = unit
      self.provenance = provenance
      self.explanation = explanation
      self.total = total
      self.hasCumulative = hasCumulative
      self.baseColumn = baseColumn
    }
  }

  /// A function's part in one column.
  public struct Value: Hashable, Codable, Sendable {
    /// In its own code, or of the objects that it asked for itself; nil when only callees are known.
    public var own: Double?
    /// With all that it called; nil when callers are not known.
    public var cumulative: Double?

    /// States a part.
    public init(own: Double?, cumulative: Double?) {
      self.own = own
      self.cumulative = cumulative
    }
  }

  /// One function.
  public struct Row: Hashable, Codable, Sendable {
    /// Its name, demangled; `[allocator]` for everything inside the allocator.
    public var function: String
    /// The base name of its file; empty when nobody knows it.
    public var object: String
    /// Whose code it is.
    public var role: Frame.Role
    /// One for each column; nil where a profile says nothing of the function.
    public var values: [Value?]

    /// States a function.
    public init(function: String, object: String, role: Frame.Role, values: [Value?]) {
      self.function = function
      self.object = object
      self.role = role
      self.values = values
    }
  }

  /// What is compared, e.g. the command.
  public var title: String
  /// What stands side by side.
  public var columns: [Column]
  /// Functions.
  public var rows: [Row]
  /// Doubts and hints, in sentences.
  public var notes: [String]

  /// States a table.
  public init(title: String, columns: [Column], rows: [Row], notes: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// The table with some of its columns behind the others.
  public func movingLast(_ isLast: (Column) -> Bool) -> FunctionTable {
    let order =
      columns.indices.filter { !isLast(columns[$0]) } + columns.indices.filter { isLast(columns[$0]) }
    var result = self
    result.columns = order.map { columns[$0] }
    for row in rows.indices { result.rows[row].values = order.map { rows[row].values[$0] } }
    return result
  }

  /// The sum of which a column's values are shares: of a difference, what was there before.
  public func whole(of column: Column) -> Double? {
    guard let base = column.baseColumn else { return column.total }
    return columns.first { $0.name == base }?.total
  }

  /// The table with the largest values of a column first, of a difference the largest changes; what has none stands
  /// last, in order of the names, and behind it what stands for unknown callers.
  ///
  /// Throws: `InputError` when there is no such column.
  public func sorted(by name: String, cumulative: Bool = false) throws(InputError) -> FunctionTable {
    guard let column = columns.firstIndex(where: { $0.name == name }) else {
      throw InputError.unknown("column", name, among: columns.map(\.name))
    }
    let keyed = rows.map { row -> (row: Row, key: Double) in
      let value = row.values.indices.contains(column) ? row.values[column] : nil
      let key = cumulative && columns[column].hasCumulative ? value?.cumulative : value?.own
      if row.function.hasPrefix(Frame.truncatedName) { return (row, -.infinity) }
      return (row, (columns[column].baseColumn == nil ? key : key?.magnitude) ?? -.greatestFiniteMagnitude)
    }
    var result = self
    result.rows = keyed.sorted {
      ($1.key, $0.row.function, $0.row.object) < ($0.key, $1.row.function, $1.row.object)
    }.map(\.row)
    return result
  }
}
