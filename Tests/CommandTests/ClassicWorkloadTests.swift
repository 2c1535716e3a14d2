import Testing

/// The classics do what the programs do whose names they have.
@Suite struct ClassicWorkloadTests {
  private static let mebibyte = 1_048_576.0

  private func peakLive(_ workload: String) throws -> Double {
    let (run, json) = try HeapscaleBinary().measure(
      "run", "--workload", workload, "--variant", "glibc/dynamic", "--trials", "1", "--warmup", "0", "--rate",
      "0")
    #expect(run.status == 0, "\(run.errors)")
    return try Document.median(#require(json.cells.first), "peak_live")
  }

  @Test func `mstress has as much live with two threads as the original, 8 to 10 MiB`() throws {
    let peak = try peakLive("mstress:threads=2,idle=0ms") / Self.mebibyte
    #expect(peak > 7.5 && peak < 10.5, "\(peak) MiB")
    // Slots that are never emptied keep the large blocks of earlier rounds, and every round draws others.
    let former = try peakLive("mstress:threads=2,emptied=0,redraw=1,idle=0ms") / Self.mebibyte
    #expect(former > 14, "\(former) MiB")
  }

  @Test func `malloc-large takes the new block before it frees the old one, unless it is told not to`() throws
  {
    let sizes = "slots=3,replacements=4,smallest=8MiB,largest=8MiB,idle=0ms"
    // A change of more than 32 KiB is published before the next one: the figures are exact.
    #expect(try peakLive("malloc-large:" + sizes) == 32 * Self.mebibyte)
    #expect(try peakLive("malloc-large:free_first=1," + sizes) == 24 * Self.mebibyte)
    #expect(try peakLive("malloc-large:zeroed=1," + sizes) == 32 * Self.mebibyte)
  }
}
