import Model

/// The readings that fall into one column of a plot.
struct CurveColumn: Hashable {
  /// Lowest resident bytes.
  var low: Int64
  /// Highest resident bytes.
  var high: Int64
  /// Highest live bytes, where the program tells.
  var live: Int64?

  /// The block for a level of bytes: live, resident at all times, resident at some time.
  func block(at level: Double) -> Character {
    if let live, Double(live) >= level { return "█" }
    if Double(low) >= level { return "▒" }
    return Double(high) >= level ? "░" : " "
  }

  private init(_ sample: ResidentSeries.Sample) {
    low = sample.resident.count
    high = sample.resident.count
    live = sample.live?.count
  }

  private mutating func add(_ sample: ResidentSeries.Sample) {
    low = min(low, sample.resident.count)
    high = max(high, sample.resident.count)
    if let more = sample.live?.count { live = max(live ?? more, more) }
  }

  /// Readings from 0 to `end` nanoseconds in `count` columns; nil where nothing was read.
  static func columns(_ samples: [ResidentSeries.Sample], count: Int, end: Int64) -> [CurveColumn?] {
    var columns = [CurveColumn?](repeating: nil, count: count)
    for sample in samples {
      let place = column(sample.time.count, count: count, end: end)
      if columns[place] == nil {
        columns[place] = CurveColumn(sample)
      } else {
        columns[place]?.add(sample)
      }
    }
    return filled(columns, samples: samples, end: end)
  }

  /// The column of a point in time.
  static func column(_ time: Int64, count: Int, end: Int64) -> Int {
    min(count - 1, max(0, Int(nearest: (Double(time) / Double(end) * Double(count)).rounded(.down))))
  }

  /// Repeats a column while the next reading is not overdue.
  private static func filled(_ columns: [CurveColumn?], samples: [ResidentSeries.Sample], end: Int64)
    -> [CurveColumn?]
  {
    let steps = zip(samples.dropFirst(), samples).map { $0.time.count - $1.time.count }.sorted()
    guard !steps.isEmpty else { return columns }
    let reach = Double(2 * steps[steps.count / 2]) / Double(end) * Double(columns.count)
    var result = columns
    var last: (column: CurveColumn, place: Int)?
    for (place, column) in columns.enumerated() {
      if let column {
        last = (column, place)
      } else if let last, Double(place - last.place) <= reach {
        result[place] = last.column
      }
    }
    return result
  }
}
