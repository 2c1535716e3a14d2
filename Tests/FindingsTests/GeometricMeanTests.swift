import Foundation
import Model
import Testing

@testable import Findings

struct GeometricMeanTests {
  private func cells(
    _ workload: String, base: [Double], new: [Double], from block: Int = 0
  ) -> [MeasuredCell] {
    [(Fixture.glibc, base), (Fixture.jemalloc, new)].map { variant, values in
      let cell = Cell(
        subject: .workload(id: workload, parameters: []), variant: variant, settings: .none)
      let readings = values.enumerated().map {
        MeasuredCell.Reading(block: block + $0.offset, value: $0.element)
      }
      return MeasuredCell(cell: cell, readings: ["cpu": readings], trials: values.count)
    }
  }

  private func means(_ cells: [[MeasuredCell]]) throws -> [GeometricMean] {
    try Comparing.variants(
      ComparisonFixture.measurements(cells.flatMap(\.self)), reference: Fixture.glibc
    ).means
  }

  private let base = [1.0, 2, 3, 4, 5, 6]

  @Test func `half as much here and twice as much there is no change, and so in every block`() throws {
    let mean = try #require(
      try means([
        cells("a", base: base, new: base.map { $0 * 2 }), cells("b", base: base, new: base.map { $0 / 2 }),
      ]).first)
    #expect(abs(mean.effect.change) < 1e-12 && mean.workloads == 2 && mean.effect.pairs == 6)
    #expect(try abs(#require(mean.effect.low)) < 1e-12)
    #expect(mean.baseline == "glibc" && mean.candidate == "jemalloc" && mean.place.isEmpty)
  }

  @Test func `what disturbs all workloads of a block widens the interval, what cancels does not`() throws {
    let up = base.enumerated().map { $1 * ($0.isMultiple(of: 2) ? 1.1 : 1.3) }
    let down = base.enumerated().map { $1 * ($0.isMultiple(of: 2) ? 1.3 : 1.1) }
    let together = try #require(
      try means([cells("a", base: base, new: up), cells("b", base: base, new: up)]).first)
    let against = try #require(
      try means([cells("a", base: base, new: up), cells("b", base: base, new: down)]).first)
    #expect(try #require(together.effect.high) > 1.29 - 1)
    #expect(try abs(#require(against.effect.high) - (sqrt(1.43) - 1)) < 1e-12)
  }

  @Test func `only blocks that all workloads share count, and without any there is no interval`() throws {
    let some = try means([
      cells("a", base: base, new: base), cells("b", base: base, new: base, from: 3),
    ])
    #expect(some.first?.effect.pairs == 3 && some.first?.effect.low == nil)
    let none = try means([
      cells("a", base: base, new: base.map { $0 * 4 }), cells("b", base: base, new: base, from: 6),
    ])
    #expect(try abs(#require(none.first).effect.change - 1) < 1e-12)
    #expect(none.first?.effect.note == "the workloads share no blocks: no interval")
  }

  @Test func `a workload with zeros is left out, and the mean says so`() throws {
    let mean = try #require(
      try means([
        cells("a", base: base, new: base), cells("b", base: base, new: base),
        cells("c", base: base, new: [0, 0, 0, 0, 0, 1]),
      ]).first)
    #expect(mean.workloads == 2)
    #expect(mean.effect.note == "without 1 workload with values of 0")
  }

  @Test func `one workload has no mean`() throws {
    #expect(try means([cells("a", base: base, new: base)]).isEmpty)
  }

  @Test func `between sessions there is a mean without interval`() throws {
    let old = cells("a", base: base, new: base) + cells("b", base: base, new: base)
    let new = cells("a", base: base.map { $0 * 2 }, new: base) + cells("b", base: base, new: base)
    let result = try Comparing.sessions(
      old: ComparisonFixture.measurements(old), oldName: "old",
      new: ComparisonFixture.measurements(new), newName: "new")
    let mean = try #require(result.means.first { $0.place == "with glibc" })
    #expect(abs(mean.effect.change - (sqrt(2) - 1)) < 1e-12 && mean.effect.low == nil)
  }
}
