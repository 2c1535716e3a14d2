import Model

/// Keeps the lowest and the highest reading of every column of time.
struct CurveReducer {
  let samples: [ResidentSeries.Sample]
  /// Whether readings were due and did not happen; otherwise no line is broken.
  let hasMissed: Bool
  let end: Nanoseconds
  let columns: Int

  /// Readings that are further apart than this many sampling periods are not joined by a line.
  private static let patience = 4.0

  /// The readings to draw, in order of time; those without the value are left out.
  func points(_ value: (ResidentSeries.Sample) -> Bytes?) -> [CellCurve.Point] {
    let reach = longestStep
    var result: [CellCurve.Point] = []
    var column = Extremes()
    var before: Nanoseconds?
    for sample in samples {
      guard let bytes = value(sample) else { continue }
      let isGap = before.map { (sample.time - $0).count > reach } ?? false
      let place = CurveColumn.column(sample.time.count, count: columns, end: end.count)
      if place != column.place || isGap { column.flush(into: &result) }
      column.place = place
      column.add(CellCurve.Point(time: sample.time, bytes: bytes, followsGap: isGap))
      before = sample.time
    }
    column.flush(into: &result)
    return result
  }

  /// The longest time between two readings that belong together.
  private var longestStep: Int64 {
    guard hasMissed, let step = UsualStep.of(samples) else { return .max }
    return Int64(nearest: Double(step) * CurveReducer.patience)
  }
}

/// The lowest and the highest reading of one column so far.
private struct Extremes {
  var place = -1
  private var low: CellCurve.Point?
  private var high: CellCurve.Point?
  private var followsGap = false

  mutating func add(_ point: CellCurve.Point) {
    if low == nil { followsGap = point.followsGap }
    if low.map({ point.bytes < $0.bytes }) ?? true { low = point }
    if high.map({ point.bytes > $0.bytes }) ?? true { high = point }
  }

  /// Hands out one or two points in the order of time.
  mutating func flush(into points: inout [CellCurve.Point]) {
    guard let low, let high else { return }
    let kept = low.time == high.time ? [low] : low.time < high.time ? [low, high] : [high, low]
    for (index, point) in kept.enumerated() {
      let isGap = index == 0 && followsGap
      points.append(CellCurve.Point(time: point.time, bytes: point.bytes, followsGap: isGap))
    }
    self = Extremes()
  }
}
