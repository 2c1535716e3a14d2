import Model
import OrderedCollections

/// What a table says, before a format decides how it looks: rows are cells, grouped by workload; columns are
/// metrics. Texts are foreign and raw: every format escapes them in its own way.
struct ComparisonTable {
  /// The rows of one workload with its parameters, or of all commands.
  struct Group {
    let title: String
    /// The workload's parameters, or the commands with their arms.
    let details: [String]
    let areCommands: Bool
    let rows: [Row]
  }

  /// One cell.
  struct Row {
    /// One text for each of `labelTitles`.
    let labels: [String]
    let isVerified: Bool
    let isPartial: Bool
    /// What became of each of its settings, one sign a setting; empty without an audit.
    let signs: String
    /// Whether one of its settings may do harm.
    let isGrave: Bool
    let content: Content
  }

  /// Figures in the order of the columns, or how the cell failed. A failed cell shows no number.
  enum Content {
    case figures([Entry])
    case failed(String)
  }

  /// One figure or the mark of the footnote that says why there is none.
  enum Entry {
    case figure(Figure)
    case missing(mark: String)
  }

  /// A figure in the words of people.
  struct Figure {
    let provenance: Provenance
    let median: String
    /// Half width of the interval; nil while there are too few trials, empty below the resolution.
    let spread: String?
    let ratio: String?
    let isBest: Bool
    let isBelowResolution: Bool
    /// The mark of a footnote with a doubt.
    let doubt: String?
  }

  let labelTitles: [String]
  let columns: [MetricDefinition]
  let empty: [(definition: MetricDefinition, reasons: [String])]
  let groups: [Group]
  let footnotes: Footnotes

  /// Lays a result out.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have.
  init(_ result: SessionResult, options: ReportOptions) throws(ReportError) {
    self.init(result, choice: try MetricChoice(result, options: options))
  }

  /// Lays a result out with chosen metrics.
  init(_ result: SessionResult, choice: MetricChoice) {
    var builder = TableBuilder(cells: result.cells, columns: choice.shown)
    columns = choice.shown
    empty = choice.empty
    labelTitles = builder.labelTitles
    groups = builder.groups()
    footnotes = builder.footnotes
  }

  /// A metric's name with an arrow for the better direction.
  static func heading(_ definition: MetricDefinition) -> String {
    definition.title + (definition.better == .lower ? " ↓" : " ↑")
  }

  /// All figures, for finding out which marks need explaining.
  var figures: [Figure] {
    groups.flatMap(\.rows).flatMap { row -> [Figure] in
      guard case .figures(let entries) = row.content else { return [] }
      return entries.compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
    }
  }
}
