import Model
import OrderedCollections

/// A session as its page shows it: what every section looks up.
struct SessionView {
  let contents: PageContents
  /// Short names of workloads and arms.
  let names: SubjectNames
  /// Metrics that some cell has a figure of, in the order of the registry.
  let metrics: [MetricDefinition]
  /// Those that a reader wants first.
  let leading: [MetricDefinition]
  /// Metrics without any figure, with the reasons that cells gave.
  let empty: [(definition: MetricDefinition, reasons: [String])]
  private let verdicts: [VerdictKey: Judgement]

  private struct VerdictKey: Hashable {
    let cell: String
    let metric: MetricID
  }

  /// Looks through a session once.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen name that no cell knows.
  init(_ contents: PageContents, options: ReportOptions) throws(ReportError) {
    let result = contents.result
    self.contents = contents
    names = SubjectNames(result.cells.map(\.cell.subject))
    let all = ReportOptions(metrics: Array(MetricChoice.definitions(of: result).keys))
    let known = try MetricChoice(result, options: all)
    metrics = known.shown
    empty = known.empty
    leading = try MetricChoice(result, options: options).shown
    var verdicts: [VerdictKey: Judgement] = [:]
    for judgement in contents.comparisons.reversed().flatMap(\.judgements) {
      let key = VerdictKey(cell: judgement.candidate.cell.key, metric: judgement.definition.id)
      verdicts[key] = judgement
    }
    self.verdicts = verdicts
  }

  var result: SessionResult { contents.result }
  var session: Session { contents.result.session }
  var plan: Plan { contents.result.session.plan }

  /// What was found about a metric of a cell against what the cell is compared with.
  func judgement(of cell: Cell, _ metric: MetricID) -> Judgement? {
    verdicts[VerdictKey(cell: cell.key, metric: metric)]
  }

  /// Whether several settings are in play.
  var hasSettings: Bool { Set(result.cells.map(\.cell.settings.name)).count > 1 }

  /// Whether several arms are compared.
  var hasArms: Bool { Set(result.cells.compactMap(\.cell.subject.arm)).count > 1 }

  /// Whether a cell is the one that others are compared with.
  func isReference(_ cell: Cell) -> Bool {
    guard cell.variant == plan.reference else { return false }
    if hasArms { return cell.subject == plan.subjects.first }
    let rule = RatioReference(cells: result.cells.map(\.cell), reference: plan.reference)
    return rule == .defaultSettings ? cell.settings.name == SettingsSet.none.name : true
  }

  /// A cell's name within its workload: arm, variant, settings, as far as they tell cells apart.
  func label(_ cell: Cell) -> String {
    let arm = hasArms ? cell.subject.arm.map { $0 + " · " } ?? "" : ""
    return arm + cell.variant.shortName + (hasSettings ? " · " + cell.settings.name : "")
  }

  /// Cells for charts that need room for each: of a large session only those without settings.
  var charted: OrderedDictionary<String, [CellResult]> {
    guard isLarge else { return groups }
    let plain = groups.mapValues { cells in cells.filter { $0.cell.settings.name == SettingsSet.none.name } }
    return plain.filter { !$0.value.isEmpty }
  }

  /// Whether cells with settings are left out of charts.
  var isLarge: Bool { hasSettings && result.cells.count > 200 }

  /// What is said below charts that leave some out; nothing where none does.
  var chartedNote: Markup {
    .when(
      isLarge,
      "<p class=\"note\">Of \(result.cells.count) cells, those without settings are drawn; all figures stand in "
        + "<a href=\"#all-figures\">the table of every figure</a>.</p>")
  }

  /// Cells that may be compared with each other: of one workload with its parameters, or of all commands.
  var groups: OrderedDictionary<String, [CellResult]> {
    OrderedDictionary(grouping: result.cells) { cell in
      cell.cell.subject.arm == nil ? names.name(of: cell.cell.subject) : "command"
    }
  }
}
