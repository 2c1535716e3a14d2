import Testing

@testable import Profiles

@Suite(.enabled(if: GoTool.isThere, "Go is not installed: Scripts/bootstrap --full"))
struct PprofToolTests {
  @Test func `go tool pprof shows our figures`() throws {
    let bytes = try PprofWriter.bytes(Sample.small)
    let top = try GoTool.pprof(["-top", "-unit=bytes"], of: bytes)
    #expect(top.contains("Type: resident"))
    let lines = top.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.contains(["65536B", "84.21%", "84.21%", "69632B", "89.47%", "touch_all"]))
    #expect(lines.contains(["12288B", "15.79%", "100%", "12288B", "15.79%", "_int_malloc"]))
    #expect(lines.contains(["0", "0%", "100%", "77824B", "100%", "main"]))
    let faults = try GoTool.pprof(["-top", "-sample_index=faults"], of: bytes)
    #expect(faults.contains("Showing nodes accounting for 19, 100% of 19 total"))
  }

  @Test func `go tool pprof reads all parts back`() throws {
    let details = PprofDetails(
      startedAt: 1_767_323_045, duration: 2, period: .init(event: "page-faults", unit: "count", count: 100))
    let raw = try GoTool.pprof(["-raw"], of: PprofWriter.bytes(Sample.small, details: details))
    #expect(raw.contains("PeriodType: page-faults count\nPeriod: 100\n"))
    #expect(raw.contains("resident/bytes[dflt] faults/count"))
    #expect(raw.contains("touch_all app.c:12"))
    #expect(raw.contains("/usr/bin/app  [FN][FL][LN][IN]"))
  }

  @Test func `hostile names do not keep it from reading`() throws {
    let raw = try GoTool.pprof(["-raw"], of: PprofWriter.bytes(Sample.hostile))
    #expect(raw.contains("<script>alert('x')</script>"))
  }
}
