import Model

/// A phase as a stretch of a plot's columns.
struct PhaseSpan: Hashable {
  /// The phase's name.
  let name: String
  /// How many columns it takes; 0 when it is too short to be seen.
  let columns: Int

  /// The name behind a bar, cut or filled up to the span.
  var text: String {
    guard columns > 0 else { return "" }
    let shown = Visible.text(name)
    if columns == 1 { return "│" }
    return "│" + DisplayWidth.padEnd(DisplayWidth.truncate(shown, to: columns - 1), to: columns - 1)
  }

  /// Spans from 0 to `end` nanoseconds; what comes before the first mark is the start of the program.
  static func spans(_ marks: [ResidentSeries.Mark], columns: Int, end: Int64) -> [PhaseSpan] {
    guard !marks.isEmpty else { return [] }
    let begins =
      [(name: "start", time: Int64(0))]
      + marks.map { (name: $0.phase, time: $0.began.count) }
    let places = begins.map { CurveColumn.column($0.time, count: columns, end: end) }
    return begins.indices.map { index in
      let next = index + 1 < places.count ? places[index + 1] : columns
      return PhaseSpan(name: begins[index].name, columns: max(0, next - places[index]))
    }
  }
}
