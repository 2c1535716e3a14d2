import Model

/// The resident curve of one trial, reduced to what can be drawn.
///
/// The time is cut into columns; of the readings in a column the lowest and the highest stay, at the times at which they
/// were taken. So no peak and no valley is lost, however long the trial was.
public struct CellCurve: Hashable, Sendable {
  /// A reading that was kept.
  public struct Point: Hashable, Sendable {
    /// Since the program was released to exec.
    public let time: Nanoseconds
    /// Resident or live bytes.
    public let bytes: Bytes
    /// Whether readings are missing before it, so that no line leads to it.
    public let followsGap: Bool
  }

  /// What one command holds of the curve.
  public struct Part: Hashable, Sendable {
    /// The command; nil for all others.
    public let command: String?
    /// Its resident bytes at each point of `resident`.
    public let bytes: [Bytes]
  }

  /// Which cell (`Cell.key`).
  public let cellKey: String
  /// The block of the trial.
  public let block: Int
  /// The end of the curve.
  public let end: Nanoseconds
  /// How many readings there were.
  public let readings: Int
  /// How many were due and did not happen in time.
  public let missedTicks: Int
  /// Resident bytes.
  public let resident: [Point]
  /// Live bytes; empty where the program does not tell.
  public let live: [Point]
  /// What of it each command holds, the largest first; empty where one process is all there is.
  public let parts: [Part]
  /// Phase changes with exact readings.
  public let marks: [ResidentSeries.Mark]

  /// Reduces a curve to so many columns.
  public init(cellKey: String, block: Int, series: ResidentSeries, columns: Int) {
    self.cellKey = cellKey
    self.block = block
    end = max(
      series.samples.last?.time ?? Nanoseconds(0), series.marks.last?.began ?? Nanoseconds(0), Nanoseconds(1))
    readings = series.samples.count
    missedTicks = series.missedTicks
    marks = series.marks
    let reducer = CurveReducer(
      samples: series.samples, hasMissed: series.missedTicks > 0, end: end, columns: columns)
    resident = reducer.points { $0.resident }
    live = reducer.points(\.live)
    parts = CellCurve.parts(of: series, at: resident)
  }

  /// The parts at the points that were kept.
  private static func parts(of series: ResidentSeries, at points: [Point]) -> [Part] {
    let whole = (series.parts ?? []).filter { $0.resident.count == series.samples.count }
    guard !whole.isEmpty else { return [] }
    var places: [Int] = []
    var next = 0
    for point in points {
      let place = series.samples[next...].firstIndex { $0.time == point.time && $0.resident == point.bytes }
      next = place ?? next
      places.append(next)
    }
    return whole.map { part in Part(command: part.command, bytes: places.map { part.resident[$0] }) }
  }

  /// How many readings of resident bytes were kept.
  public var kept: Int { resident.count }

  /// The highest resident or live bytes.
  var top: Bytes {
    max(resident.map(\.bytes).max() ?? Bytes(0), live.map(\.bytes).max() ?? Bytes(0))
  }
}

extension CellCurve {
  /// How many columns the curves of so many cells are reduced to, so that all of them stay below a megabyte or so.
  public static func columns(cells: Int) -> Int { min(240, max(40, 12_000 / max(cells, 1))) }
}
