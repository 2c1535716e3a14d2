import Model
import Testing

@testable import Probes

struct CommandCurvesTests {
  private static func curves(_ readings: [[(command: String, resident: Bytes)]]) -> CommandCurves {
    var curves = CommandCurves()
    for reading in readings { curves.add(reading) }
    return curves
  }

  private static func times(_ count: Int) -> [Nanoseconds] {
    (0..<count).map { Nanoseconds(Int64($0) * 1_000_000) }
  }

  @Test func `processes of one command are summed, and the largest command comes first`() {
    let curves = Self.curves([
      [("sh", Bytes(1)), ("cc1", Bytes(0))],
      [("sh", Bytes(1)), ("cc1", Bytes(20)), ("cc1", Bytes(30))],
      [("cc1", Bytes(25))],
    ])
    #expect(
      curves.parts(times: Self.times(3)) == [
        .init(command: "cc1", resident: [Bytes(0), Bytes(50), Bytes(25)]),
        .init(command: "sh", resident: [Bytes(1), Bytes(1), Bytes(0)]),
      ])
  }

  @Test func `what a reading stands for decides, not how many readings there are`() {
    let long: [(command: String, resident: Bytes)] = [("long", Bytes(10))]
    let short: [(command: String, resident: Bytes)] = [("short", Bytes(12))]
    let curves = Self.curves([short, short, short, long, long])
    let times = [0, 1, 2, 3, 1000].map { Nanoseconds($0) }
    #expect(curves.parts(times: times)?.map(\.command) == ["long", "short"])
  }

  @Test func `one command alone has no parts`() {
    #expect(Self.curves([[("redis", Bytes(5))], [("redis", Bytes(5))]]).parts(times: Self.times(2)) == nil)
    #expect(CommandCurves().parts(times: []) == nil)
  }

  @Test func `many commands become eight and the others, and nothing is lost`() throws {
    let reading = (1...1000).map { (command: "c\($0)", resident: Bytes(Int64($0))) }
    let parts = try #require(Self.curves([reading, reading]).parts(times: Self.times(2)))
    #expect(parts.map(\.command) == (993...1000).reversed().map { "c\($0)" } + [nil])
    for sample in 0..<2 { #expect(parts.reduce(0) { $0 + $1.resident[sample].count } == 500_500) }
  }

  @Test func `parts that do not belong to the samples are refused`() {
    let curves = Self.curves([[("a", Bytes(1)), ("b", Bytes(1))]])
    #expect(curves.parts(times: Self.times(2)) == nil)
  }
}
