import Model
import Testing

@testable import Reports

@Suite struct ChartTests {
  @Test func `a path is read back point by point`() throws {
    let points = [(0, 4000), (12, 3960), (20, 3980), (30, 3980), (55, 3980), (55, 10), (90, 0)]
    var path = PathData()
    for (index, point) in points.enumerated() { path.add(x: point.0, y: point.1, afterGap: index == 6) }
    #expect(path.finished() == "M0 4000l12-40 8 20 35 0 0-3970m35-10")
    #expect(
      ChartTests.points(path.finished()).map { "\($0)" } == [
        "0 4000", "12 3960", "20 3980", "55 3980", "55 10", "90 0",
      ])
  }

  /// Reads a path as the script of the page does.
  private static func points(_ path: String) -> [String] {
    var (x, y) = (0, 0)
    return path.matches(of: #/(-?\d+) ?(-?\d+)/#).map { match in
      x += Int(match.1) ?? 0
      y += Int(match.2) ?? 0
      return "\(x) \(y)"
    }
  }

  @Test func `a path without points is empty`() { #expect(PathData().finished() == "") }

  @Test(arguments: [
    (0.995e9, MetricUnit.nanoseconds, ["0", "200 ms", "400 ms", "600 ms", "800 ms"]),
    (3.2e6, .bytes, ["0", "1 MiB", "2 MiB", "3 MiB"]), (7, .count, ["0", "2", "4", "6"]), (0, .bytes, ["0"]),
    (2.4, .ratio, ["0", "0.5", "1", "1.5", "2"]), (0.000_03, .seconds, ["0", "10 µs", "20 µs", "30 µs"]),
  ])
  func `ticks are round numbers with short labels`(end: Double, unit: MetricUnit, labels: [String]) {
    let ticks = Ticks(end: end, unit: unit)
    #expect(ticks.all.map(\.label) == labels)
    #expect(ticks.all.allSatisfy { (0...1.0001).contains($0.share) })
  }

  @Test func `an axis never has more than seven ticks`() {
    var end = 1.0
    while end < 1e13 {
      for unit in MetricUnit.allCases {
        #expect(Ticks(end: end, unit: unit).all.count <= 7, "\(end) \(unit)")
      }
      end *= 1.37
    }
  }

  @Test func `the logarithm is that of base 2`() {
    for (value, expected) in [(1.0, 0.0), (2, 1), (0.25, -2), (10, 3.321928), (1.02, 0.028569)] {
      #expect(abs(Logarithm.base2(value) - expected) < 1e-5)
    }
    #expect(Logarithm.base2(0) < -1000 && Logarithm.base2(.infinity) > 1000)
  }

  @Test func `half and twice are equally far from no change`() throws {
    let effects = [-0.5, 1, 0].map { Effect(change: $0, low: nil, high: nil, pairs: 6) }
    let plot = IntervalPlot(id: "p", effects: effects, tolerated: 0.02)
    let places = try effects.map { effect in
      let match = try #require(plot.row(effect, style: "").text.firstMatch(of: #/cx="([0-9.]+)"/#))
      return try #require(Double(match.1))
    }
    #expect(abs((places[2] - places[0]) - (places[1] - places[2])) < 0.2)
    #expect(plot.row(effects[0], style: "").text.contains("hollow"))
  }

  @Test func `what lies beyond 32 times is drawn at the edge`() {
    let effect = Effect(change: 1e9, low: -1, high: 1e12, pairs: 6)
    let row = IntervalPlot(id: "p", effects: [effect], tolerated: 0.02).row(effect, style: "").text
    #expect(row.contains("M0 9H260") && row.contains("cx=\"260\""))
  }

  @Test func `every series of 24 has a look of its own, and neighbours differ in more than colour`() {
    let styles = (0..<24).map(SeriesStyle.init)
    #expect(Set(styles.map(\.line.text)).count == 24)
    for (one, next) in zip(styles, styles.dropFirst()) {
      #expect(one.line.text.suffix(2) != next.line.text.suffix(2) && one.shape.text != next.shape.text)
    }
  }

  @Test func `the front is what nothing beats in both`() {
    let points: [(first: Double, second: Double)] = [
      (3, 1), (1, 3), (2, 2), (2, 2), (3, 3), (1, 4), (.nan, 0),
    ]
    #expect(ParetoFront.indices(points) == [1, 2, 3, 0])
    #expect(ParetoFront.indices([]) == [])
  }

  @Test func `fronts agree with the definition on random points`() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<200 {
      let points = (0..<9).map { _ in
        (
          first: Double(Int.random(in: 0...6, using: &random)),
          second: Double(Int.random(in: 0...6, using: &random))
        )
      }
      let expected = points.indices.filter { index in
        !points.contains { other in
          other.first <= points[index].first && other.second <= points[index].second && other != points[index]
        }
      }
      #expect(Set(ParetoFront.indices(points)) == Set(expected))
    }
  }
}
