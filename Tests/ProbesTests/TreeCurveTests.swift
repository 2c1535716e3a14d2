import Model
import Testing

@testable import Probes

/// The curve of a tree from readings and sweeps of known trees, times in ms, sizes in MiB.
@Suite struct TreeCurveTests {
  private let mib: Int64 = 1 << 20

  /// A process with its readings (ms, MiB) and what sweeps found of it (ms, RSS, PSS).
  private func process(
    _ pid: Int32, from began: Int64, to ended: Int64?, readings: [(Int64, Int64)],
    sweeps: [(Int64, Int64, Int64)]
  ) -> TreeMember {
    let evidence = ImageEvidence(path: "/bin/p", allocation: .unknown("test"))
    var life = TreeMember.Life(began: began * 1_000_000, evidence: evidence, isCopy: false)
    life.ended = ended.map { $0 * 1_000_000 }
    life.readings = readings.map { .init(time: $0.0 * 1_000_000, bytes: $0.1 * mib) }
    life.sweeps = sweeps.map { .init(time: $0.0 * 1_000_000, resident: $0.1 * mib, own: $0.2 * mib) }
    let member = TreeMember(pid: pid, parent: 1, began: began * 1_000_000, sharesMemory: false, life: life)
    member.ended = life.ended
    return member
  }

  private func curve(_ members: [TreeMember], sweeps: [(Int64, Int64, Int64)], end: Int64) -> (
    peak: Double, mean: Double
  ) {
    let curve = TreeCurve(
      members: members,
      sweeps: sweeps.map { TreeSweep(time: $0.0 * 1_000_000, own: $0.2 * mib, resident: $0.1 * mib) },
      isAlone: false, origin: 0, end: end * 1_000_000)
    let peak = curve.samples.map { Double($0.resident.count) }.max() ?? 0
    return (peak / Double(mib), curve.areas.reduce(0, +) / Double(mib) / (Double(end) / 1000))
  }

  @Test func `shares of processes that end one after the other are no peak`() {
    // Nine share 72 MiB: 8 each. At their ends the rest has 9, 10, 12, 14, 18, 24 and 36 each.
    let shares: [Int64] = [8, 9, 10, 12, 14, 18, 24, 36, 72]
    let members = (0..<9).map { index in
      process(
        Int32(index + 10), from: 0, to: 100 + Int64(index),
        readings: [(0, 72), (50, 72), (100, 72), (108, 72)],
        sweeps: [(50, 72, 8), (100 + Int64(index), 72, shares[index])])
    }
    let seen = curve(members, sweeps: [(50, 648, 72), (108, 72, 72)], end: 108)
    #expect(seen.peak > 71 && seen.peak < 73)
    #expect(seen.mean > 71 && seen.mean < 73)
  }

  @Test func `shares taken while others map the same pages neither add to the sum nor take from it`() {
    let first = process(
      10, from: 0, to: nil, readings: [(0, 60), (100, 60), (200, 60)], sweeps: [(0, 60, 60), (200, 60, 20)])
    let others = [11, 12].map {
      process(
        $0, from: 0, to: nil, readings: [(0, 0), (10, 60), (100, 60), (200, 60)],
        sweeps: [(0, 0, 0), (200, 60, 20)])
    }
    let seen = curve([first] + others, sweeps: [(0, 60, 60), (200, 180, 60)], end: 200)
    #expect(abs(seen.peak - 60) < 0.5)
    #expect(abs(seen.mean - 60) < 0.5)
  }

  @Test func `memory of one's own that comes and goes between two sweeps is all counted`() {
    let first = process(
      10, from: 0, to: nil, readings: [(0, 50), (99, 50), (101, 10), (200, 10)],
      sweeps: [(0, 50, 50), (200, 10, 10)])
    let second = process(
      11, from: 0, to: nil, readings: [(0, 10), (50, 10), (60, 50), (200, 50)],
      sweeps: [(0, 10, 10), (200, 50, 50)])
    let third = process(12, from: 20, to: 120, readings: [(20, 30), (120, 30)], sweeps: [(120, 30, 30)])
    let seen = curve([first, second, third], sweeps: [(0, 60, 60), (200, 60, 60)], end: 200)
    #expect(abs(seen.peak - 130) < 0.5)
  }

  @Test func `pages that a copy writes to are counted though its resident set does not change`() {
    let parent = process(
      10, from: 0, to: nil, readings: [(0, 80), (100, 80), (200, 80)],
      sweeps: [(0, 80, 40), (100, 80, 80), (200, 80, 80)])
    let child = process(
      11, from: 0, to: 150, readings: [(0, 80), (100, 80), (150, 80)], sweeps: [(0, 80, 40), (100, 80, 80)])
    let seen = curve([parent, child], sweeps: [(0, 160, 80), (100, 160, 160), (200, 80, 80)], end: 200)
    #expect(abs(seen.peak - 160) < 0.5)
    // From 80 to 160 in 100 ms, 160 for 50, 80 for 50.
    #expect(abs(seen.mean - 120) < 2)
  }
}
