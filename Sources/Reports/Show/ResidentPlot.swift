import Model

/// A small plot of resident and live bytes over time in Unicode blocks.
///
/// Every column keeps the lowest and the highest of its readings, so that no peak is lost. A column without a
/// reading repeats the one before for up to two sampling periods; longer gaps stay blank.
struct ResidentPlot {
  /// Rows unless the caller wants others.
  static let usualHeight = 12

  private let height: Int
  private let series: ResidentSeries
  private let columns: [CurveColumn?]
  private let phases: [PhaseSpan]
  private let end: Int64
  private let top: Int64
  private let axis: Int

  /// Sorts the readings into columns of a plot that is as wide as the terminal, axis included.
  init(series: ResidentSeries, width: Int, height: Int = usualHeight) {
    self.height = max(2, height)
    self.series = series
    top = series.samples.map(\.resident.count).max() ?? 0
    axis = DisplayWidth.of(FigureText.text(Bytes(top)))
    end = max(series.samples.last?.time.count ?? 0, series.marks.last?.began.count ?? 0, 1)
    let count = max(10, min(width - axis - 3, 160))
    columns = CurveColumn.columns(series.samples, count: count, end: end)
    phases = PhaseSpan.spans(series.marks, columns: count, end: end)
  }

  /// Plot, axes, phases and a legend.
  var lines: [String] {
    top > 0 ? picture + [""] + legend : ["  no reading of resident memory was taken"]
  }

  /// Plot, axes and phases; nothing before the first reading.
  var picture: [String] {
    guard top > 0 else { return [] }
    return (0..<height).reversed().map(row) + [floor, times] + (phases.isEmpty ? [] : [names])
  }

  private func row(_ row: Int) -> String {
    let upperEdge = top / Int64(height) * Int64(row + 1)
    let isTop = row == height - 1
    let isLabelled = isTop || row == height / 2 - 1
    let label = isLabelled ? FigureText.text(Bytes(isTop ? top : upperEdge)) : ""
    // The middle of a row decides, but at the bottom every byte counts: what is kept is not nothing.
    let level = row == 0 ? 1 : Double(top) * (Double(row) + 0.5) / Double(height)
    let blocks = columns.map { $0?.block(at: level) ?? " " }
    return start(label, isLabelled ? "┤" : "│") + String(blocks).trimmingTrailingSpaces
  }

  private var floor: String { start("0 B", "└") + String(repeating: "─", count: columns.count) }

  private var times: String {
    let last = FigureText.text(Nanoseconds(end))
    let middle = FigureText.text(Nanoseconds(end / 2))
    let left = DisplayWidth.padEnd("0 s", to: columns.count / 2 - DisplayWidth.of(middle) / 2)
    return start("", " ") + left + middle
      + DisplayWidth.padStart(
        last, to: columns.count - DisplayWidth.of(left) - DisplayWidth.of(middle))
  }

  private var names: String {
    start("", " ") + phases.map(\.text).joined()
  }

  private var legend: [String] {
    let hasLive = series.samples.contains { $0.live != nil }
    let live = hasLive ? "█ live bytes   ▒ resident beyond them" : "▒ resident"
    return [
      "  \(live)   ░ only the highest reading of the column reaches here",
      "  \(series.samples.count) readings, \(series.missedTicks) missed",
    ]
  }

  private func start(_ label: String, _ line: String) -> String {
    DisplayWidth.padStart(label, to: axis + 1) + " " + line
  }
}
