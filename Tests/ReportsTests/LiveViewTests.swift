import Model
import Testing

@testable import Reports

@Suite struct LiveViewTests {
  private static func state(name: String = "larson") -> LiveState {
    let cell = Cell(
      subject: .command(arm: name, arguments: []),
      variant: Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc"),
      settings: SettingsSet(name: "tight", environment: []))
    var state = LiveState(title: name, blocks: 10)
    state.cell = cell
    state.block = 2
    state.done = 25
    state.total = 100
    state.failures = 1
    state.left = "1 min 15 s"
    for index in 0..<500 {
      state.curve.add(
        time: Nanoseconds(Int64(index) * 10_000_000), resident: Bytes(Int64(index % 100) << 16),
        live: Bytes(Int64(index % 100) << 15))
    }
    let trial = Trial(
      cellKey: cell.key, block: 1, position: 0, startedAt: 0, outcome: .ok, message: nil, stderrTail: "",
      values: ["peak_resident": .value(6_553_600, .counted), "cpu": .value(0.25, .counted)], series: nil,
      identity: .unknown, conditions: [:])
    var failed = trial
    failed.outcome = .signal(11)
    state.results = [LiveState.Result(trial, of: cell), LiveState.Result(failed, of: cell)]
    return state
  }

  @Test(arguments: [(80, 24), (40, 14), (36, 10), (200, 50)])
  func `the view fits its terminal with a row to spare`(width: Int, height: Int) {
    let lines = LiveView.lines(LiveViewTests.state(), width: width, height: height)
    #expect(lines.count < height)
    #expect(lines.allSatisfy { DisplayWidth.of($0) < width })
    #expect(lines.contains { $0.contains("25/100") })
    #expect(lines.contains { $0.contains("▒") })
  }

  @Test func `the view stays as it was recorded`() throws {
    let lines = LiveView.lines(LiveViewTests.state(), width: 80, height: 24)
    try Golden.expect(lines.joined(separator: "\n") + "\n", is: "live-80.txt")
  }

  @Test(arguments: [(35, 24), (80, 9), (10, 5), (1, 1), (0, 0)])
  func `a terminal that is too small gets the line of progress`(width: Int, height: Int) {
    let lines = LiveView.lines(LiveViewTests.state(), width: width, height: height)
    #expect(lines.count == 1)
    #expect(DisplayWidth.of(lines[0]) < max(2, width))
  }

  @Test func `before the first reading the view keeps its height`() {
    var state = LiveViewTests.state()
    let height = LiveView.lines(state, width: 80, height: 24).count
    state.curve.reset()
    #expect(LiveView.lines(state, width: 80, height: 24).count == height)
  }

  @Test func `names cannot move the cursor`() {
    let state = LiveViewTests.state(name: HostileSession.escape + "\n" + HostileSession.reversed)
    for line in LiveView.lines(state, width: 120, height: 30) {
      #expect(!line.unicodeScalars.contains(where: Visible.isHidden))
    }
  }
}
