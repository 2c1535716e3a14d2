/// The curve of a running trial, as far as a display needs it: at most some hundred stretches, however long it runs.
///
/// When it is full, neighbours are joined, and lowest and highest readings are kept: no peak is lost.
public struct LiveCurve: Hashable, Sendable {
  /// Readings next to each other.
  private struct Stretch: Hashable {
    var began: Nanoseconds
    var ended: Nanoseconds
    var low: Bytes
    var high: Bytes
    var live: Bytes?
    var count: Int

    mutating func add(_ other: Stretch) {
      ended = other.ended
      low = min(low, other.low)
      high = max(high, other.high)
      live = [live, other.live].compactMap(\.self).max()
      count += other.count
    }
  }

  private let capacity: Int
  private var stretches: [Stretch] = []
  private var readingsEach = 1

  /// An empty curve of at most so many stretches; memory for them is taken at once.
  public init(capacity: Int = 256) {
    self.capacity = max(2, capacity)
    stretches.reserveCapacity(self.capacity)
  }

  /// Forgets everything, for the next trial.
  public mutating func reset() {
    stretches.removeAll(keepingCapacity: true)
    readingsEach = 1
  }

  /// Takes one reading: time since the start of the program, resident and live bytes.
  public mutating func add(time: Nanoseconds, resident: Bytes, live: Bytes?) {
    let reading = Stretch(began: time, ended: time, low: resident, high: resident, live: live, count: 1)
    if let last = stretches.last, last.count < readingsEach {
      stretches[stretches.count - 1].add(reading)
      return
    }
    if stretches.count == capacity { halve() }
    stretches.append(reading)
  }

  /// Lowest and highest readings of every stretch, to be drawn.
  public var series: ResidentSeries {
    let samples = stretches.flatMap { stretch in
      let low = ResidentSeries.Sample(time: stretch.began, resident: stretch.low, live: stretch.live)
      let high = ResidentSeries.Sample(time: stretch.ended, resident: stretch.high, live: stretch.live)
      return stretch.count == 1 ? [low] : [low, high]
    }
    return ResidentSeries(samples: samples, marks: [], missedTicks: 0)
  }

  /// The newest reading's highest value; nil before the first.
  public var resident: Bytes? { stretches.last?.high }

  /// Joins neighbours in place.
  private mutating func halve() {
    readingsEach *= 2
    for index in 0..<stretches.count / 2 {
      var joined = stretches[2 * index]
      joined.add(stretches[2 * index + 1])
      stretches[index] = joined
    }
    let odd = stretches.count.isMultiple(of: 2) ? nil : stretches.last
    stretches.removeLast(stretches.count - stretches.count / 2)
    if let odd { stretches.append(odd) }
  }
}
