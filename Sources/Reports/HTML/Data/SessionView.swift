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
  /// Whether several settings are in play.
  let hasSettings: Bool
  /// Whether several arms are compared.
  let hasArms: Bool
  /// Cells that may be compared with each other: of one workload with its parameters, or of all commands.
  let groups: OrderedDictionary<String, [CellResult]>
  private let rule: RatioReference
  private let variantNames: [String: String]
  private let verdicts: [String: [MetricID: Judgement]]

  /// Looks through a session once.
  ///
  /// Throws: `ReportError.unknownMetric` for a chosen name that no cell knows.
  init(_ contents: PageContents, options: ReportOptions) throws(ReportError) {
    let result = contents.result
    let cells = result.cells.map(\.cell)
    let names = SubjectNames(cells.map(\.subject))
    let all = ReportOptions(metrics: Array(MetricChoice.definitions(of: result).keys))
    let known = try MetricChoice(result, options: all)
    self.contents = contents
    self.names = names
    metrics = known.shown
    empty = known.empty
    leading = try MetricChoice(result, options: options).shown
    hasSettings = Set(cells.map(\.settings.name)).count > 1
    hasArms = Set(cells.compactMap(\.subject.arm)).count > 1
    groups = OrderedDictionary(grouping: result.cells) { SessionView.group(of: $0.cell, names) }
    variantNames = Dictionary(
      result.cells.map { ($0.cell.key, $0.variantName) }, uniquingKeysWith: { first, _ in first })
    rule = RatioReference(cells: cells, reference: result.session.plan.reference)
    verdicts = SessionView.verdicts(contents)
  }

  /// By cell and metric what was found first: against the first arm, against the reference variant, against no settings.
  ///
  /// Where variants are compared, what settings change stands in a section of its own: in one table, changes against
  /// two different things would mislead.
  private static func verdicts(_ contents: PageContents) -> [String: [MetricID: Judgement]] {
    let isOneVariant = contents.result.session.plan.variants.count == 1
    var verdicts: [String: [MetricID: Judgement]] = [:]
    for judgement in contents.comparisons.reversed().flatMap(\.judgements) {
      let (before, after) = (judgement.baseline.cell, judgement.candidate.cell)
      guard isOneVariant || before.settings == after.settings || before.variant != after.variant else {
        continue
      }
      verdicts[after.key, default: [:]][judgement.definition.id] = judgement
    }
    return verdicts
  }

  var result: SessionResult { contents.result }
  var session: Session { contents.result.session }
  var plan: Plan { contents.result.session.plan }

  /// What was found about a cell's metrics against what the cell is compared with.
  func judgements(of cell: Cell) -> [MetricID: Judgement] { verdicts[cell.key] ?? [:] }
}

extension SessionView {
  /// Whether a cell is the one that others are compared with.
  func isReference(_ cell: Cell) -> Bool {
    guard cell.variant == plan.reference else { return false }
    if hasArms { return cell.subject == plan.subjects.first }
    return rule == .defaultSettings ? cell.settings.name == SettingsSet.none.name : true
  }

  /// What changes refer to, in words.
  var comparedWith: String {
    if hasArms {
      return "the first arm" + (plan.variants.count > 1 ? ", for its own variants against the reference" : "")
    }
    if plan.variants.count == 1 { return "the same without settings" }
    return result.cells.referenceName(plan.reference) + (hasSettings ? " with the same settings" : "")
  }

  /// The group of a cell.
  func group(of cell: Cell) -> String { SessionView.group(of: cell, names) }

  private static func group(of cell: Cell, _ names: SubjectNames) -> String {
    cell.subject.arm == nil ? names.name(of: cell.subject) : "command"
  }

  /// What a cell's variant is called (`CellResult.variantName`).
  func variantName(of cell: Cell) -> String { variantNames[cell.key] ?? cell.variant.shortName }

  /// A cell's name within its workload: arm, variant, settings, as far as they tell cells apart.
  func label(_ cell: Cell) -> String {
    let arm = hasArms ? cell.subject.arm.map { $0 + " · " } ?? "" : ""
    return arm + variantName(of: cell) + (hasSettings ? " · " + cell.settings.name : "")
  }

  /// Cells for charts that need room for each: of a large session only those without settings.
  var charted: OrderedDictionary<String, [CellResult]> {
    guard isLarge else { return groups }
    let plain = groups.mapValues { cells in cells.filter { $0.cell.settings.name == SettingsSet.none.name } }
    return plain.filter { !$0.value.isEmpty }
  }

  /// Whether cells with settings are left out of charts.
  private var isLarge: Bool { hasSettings && result.cells.count > 200 }

  /// What is said below charts that leave some out; nothing where none does.
  var chartedNote: Markup {
    .when(
      isLarge,
      "<p class=\"note\">Of \(result.cells.count) cells, those without settings are drawn; all figures stand in "
        + "<a href=\"#all-figures\">the table of every figure</a>.</p>")
  }
}
