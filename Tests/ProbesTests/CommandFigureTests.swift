import Foundation
import Model
import Probes
import Testing

/// What commands hold at their pauses and ends, against what the programs are known to do.
@Suite(.serialized) struct CommandFigureTests {
  private static func mebibytes(_ value: MetricValue) -> Double? { value.number.map { $0 / 1_048_576 } }

  private static func expect(
    _ value: MetricValue, _ range: Range<Double>, at place: SourceLocation = #_sourceLocation
  ) {
    let found = mebibytes(value)
    #expect(found.map(range.contains) == true, "\(value) is not in \(range)", sourceLocation: place)
  }

  /// A run in which the pause was seen: beside hundreds of other tests the readings in it may come too late.
  private static func observeToPause(_ program: String, _ arguments: [String]) throws -> Observation {
    var seen = try observe(program, arguments)
    for _ in 0..<3 where SettledResident.value(seen).number == nil { seen = try observe(program, arguments) }
    return seen
  }

  @Test func `what stays after the free has a figure, and so has the end`() throws {
    // 64 MiB touched, 48 of them freed, a pause, 8 more.
    let seen = try Self.observeToPause(try Self.program, ["work", "free", "pause", "more"])
    Self.expect(PeakResident.value(seen), 64..<67)
    Self.expect(SettledResident.value(seen), 16..<18.5)
    Self.expect(EndResident.value(seen), 24..<26.5)
    #expect(PeakProcess.value(seen) == PeakResident.value(seen))
    if case .value(_, let provenance) = EndResident.value(seen) { #expect(provenance == .counted) }
  }

  @Test func `a program that never pauses has no settled figure but an end`() throws {
    let seen = try observe(try Self.program, ["work", "free"])
    #expect(SettledResident.value(seen) == .unavailable("it never paused for 300 ms"))
    Self.expect(EndResident.value(seen), 16..<18.5)
  }

  @Test func `a pause before the work says nothing`() throws {
    let seen = try observe(try Self.program, ["pause", "work"])
    #expect(SettledResident.value(seen) == .unavailable("it paused only before most of its work"))
    Self.expect(EndResident.value(seen), 64..<67)
  }

  @Test func `of a tree the largest process is told apart from the sum`() throws {
    let seen = try Self.observeToPause(try TreePrograms.prefork, ["4", "50", "1200"])
    Self.expect(PeakResident.value(seen), 202..<210)
    Self.expect(PeakProcess.value(seen), 53..<59)
    // All four sleep in the end.
    Self.expect(SettledResident.value(seen), 202..<210)
    // Only the parent is left then, with its 5 MiB.
    Self.expect(EndResident.value(seen), 5..<8)
    let names = Set(
      seen.processes.map {
        ProcessName.of(path: $0.images.last?.evidence.path ?? "", arguments: $0.arguments)
      })
    #expect(names == ["prefork"])
  }

  @Test func `the curve of a pipeline has a part for each program, and they add up`() throws {
    let seen = try observe(
      "/bin/sh", ["-c", "head -c 300000000 /dev/zero | tr '\\0' x | gzip -1 | wc -c; true"],
      environment: ["PATH": "/usr/bin:/bin"])
    let parts = try #require(seen.series.parts)
    #expect(Set(parts.compactMap(\.command)).isSuperset(of: ["gzip", "tr", "head", "wc"]))
    for (index, sample) in seen.series.samples.enumerated() {
      #expect(parts.reduce(0) { $0 + $1.resident[index].count } == sample.resident.count)
    }
  }

  private static var program: String {
    get throws {
      try TargetPrograms.shared.program(
        "settles",
        """
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        static char *blocks[72];
        static void take(int from, int to) {
          for (int i = from; i < to; i++) blocks[i] = memset(malloc(1 << 20), 1, 1 << 20);
        }
        int main(int argc, char **argv) {
          for (int i = 1; i < argc; i++) {
            if (!strcmp(argv[i], "work")) {
              take(0, 64);
              for (int n = 0; n < 20; n++)
                for (int b = 0; b < 64; b++) memset(blocks[b], n, 1 << 20);
            }
            if (!strcmp(argv[i], "free"))
              for (int b = 16; b < 64; b++) free(blocks[b]);
            if (!strcmp(argv[i], "pause")) usleep(1200000);
            if (!strcmp(argv[i], "more")) take(64, 72);
          }
        }
        """)
    }
  }
}
