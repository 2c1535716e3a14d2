import Model
import Testing

@testable import Findings

@Suite struct LibcEffectsTests {
  private static let definitions = [
    ComparisonFixture.resident, ComparisonFixture.cpu,
    MetricDefinition(id: "file_size", title: "file size", explanation: "", unit: .bytes, better: .lower),
    MetricDefinition(id: "operations", title: "operations", explanation: "", unit: .count, better: .lower),
  ]

  /// What peak resident is worth, by variant: factors on 1 GB.
  private static let factors: [(variant: String, factor: Double)] = [
    ("glibc/dynamic", 1), ("glibc/static", 0.9), ("musl/dynamic", 0.5), ("musl/static", 0.4),
    ("glibc/dynamic/tcmalloc", 2), ("glibc/static/tcmalloc", 1.8), ("glibc/preload/tcmalloc", 2.1),
    ("musl/static/tcmalloc", 1.7),
  ]

  private static func measured(
    _ names: [String] = factors.map(\.variant), subjects: [String] = ["larson", "sawtooth"]
  ) throws -> Measurements {
    var cells: [MeasuredCell] = []
    for (place, subject) in subjects.enumerated() {
      for name in names {
        let factor = factors.first { $0.variant == name }?.factor ?? 1
        let cell = Cell(
          subject: .workload(id: subject, parameters: []), variant: try Variant(parsing: name),
          settings: .none)
        let values = (0..<8).map { block -> Double in
          let scatter = Double((block * 7 + place) % 5) / 1000
          return 1e9 * factor * (1 + scatter)
        }
        cells.append(
          ComparisonFixture.measured(
            cell,
            [
              "peak_resident": values, "cpu": values.map { $0 / 1e9 },
              "file_size": values.map { _ in 50_000 * factor }, "operations": values.map { _ in 1000 },
            ]))
      }
    }
    return Measurements(cells: cells, definitions: definitions)
  }

  private static func names(_ effect: FactorEffect?) -> [String] {
    effect?.pairs.map { "\($0.baselineName) → \($0.candidateName)" } ?? []
  }

  @Test func `each effect rests on pairs that differ in one factor`() throws {
    let report = try LibcEffects.report(try LibcEffectsTests.measured())
    #expect(report.effects.map(\.factor) == VariantFactor.allCases)
    #expect(
      report.effects.map(LibcEffectsTests.names) == [
        ["glibc/dynamic → musl/dynamic", "glibc/static → musl/static"],
        ["glibc/static/tcmalloc → musl/static/tcmalloc"],
        [
          "glibc/dynamic → glibc/static", "musl/dynamic → musl/static",
          "glibc/dynamic/tcmalloc → glibc/static/tcmalloc", "glibc/dynamic/tcmalloc → glibc/preload/tcmalloc",
        ],
        [
          "glibc/dynamic → glibc/dynamic/tcmalloc", "glibc/dynamic → glibc/preload/tcmalloc",
          "glibc/static → glibc/static/tcmalloc", "musl/static → musl/static/tcmalloc",
        ],
      ])
  }

  @Test func `the means are those of the pairs`() throws {
    let report = try LibcEffects.report(try LibcEffectsTests.measured())
    let means = report.effects[0].comparison?.means.filter { $0.definition.id == "peak_resident" } ?? []
    #expect(means.map(\.candidate) == ["musl/dynamic", "musl/static"])
    for (mean, change) in zip(means, [-0.5, 0.4 / 0.9 - 1]) {
      #expect(abs(mean.effect.change - change) < 0.01)
      #expect(mean.effect.isMeasurable == true && mean.workloads == 2)
    }
  }

  @Test func `that the allocator comes with its libc is said, and only there`() throws {
    let report = try LibcEffects.report(try LibcEffectsTests.measured())
    #expect(report.effects[0].pairs.allSatisfy { $0.confounds.count == 1 })
    #expect(report.effects.dropFirst().flatMap(\.pairs).flatMap(\.confounds).isEmpty)
  }

  @Test func `another compiler on one side is said, a wrapper around the same is not`() throws {
    func file(_ folder: String, _ origin: String) -> ArtifactRecord {
      ArtifactRecord(
        kind: "target", path: "/c/\(folder)-0123456789abcdef/larson", size: Bytes(1), sha256: "",
        origin: origin)
    }
    let artifacts = [
      file("larson@glibc-static", "gcc (Debian 12) 12.2.0: -O2 -static"),
      file("larson@musl-static", "musl-gcc: x86_64-linux-gnu-gcc (Debian 12) 12.2.0: -O2 -static"),
      file("larson@glibc-static-tcmalloc", "gcc (Debian 12) 12.2.0: -O2 -static libtcmalloc.a"),
      file("larson@musl-static-tcmalloc", "zig 0.15.2 linking: -O2 -static"),
    ]
    let report = try LibcEffects.report(try LibcEffectsTests.measured(), artifacts: artifacts)
    #expect(report.effects[0].pairs[1].confounds.count == 1)
    #expect(
      report.effects[1].pairs[0].confounds == [
        "built by zig 0.15.2 linking, against gcc (Debian 12) 12.2.0"
      ])
  }

  @Test func `what was not measured in a pair leaves its effect empty`() throws {
    let report = try LibcEffects.report(try LibcEffectsTests.measured(["glibc/dynamic", "glibc/static"]))
    #expect(report.effects.map(\.pairs.count) == [0, 0, 1, 0])
    #expect(report.effects[0].comparison == nil)
  }

  @Test func `without the libc's own allocator the first is compared with`() throws {
    let names = ["glibc/preload/jemalloc", "glibc/preload/tcmalloc"]
    let report = try LibcEffects.report(try LibcEffectsTests.measured(names))
    #expect(
      LibcEffectsTests.names(report.effects.last) == ["glibc/preload/jemalloc → glibc/preload/tcmalloc"])
  }

  @Test func `counts that the workload fixes are left out unless asked for`() throws {
    let measured = try LibcEffectsTests.measured()
    let usual = try LibcEffects.report(measured)
    #expect(usual.metrics.map(\.id) == ["peak_resident", "cpu", "file_size"])
    let chosen = try LibcEffects.report(measured, metrics: ["operations"])
    #expect(chosen.metrics.map(\.id) == ["operations"])
  }

  @Test func `sizes are told once a program`() throws {
    let report = try LibcEffects.report(try LibcEffectsTests.measured(["glibc/dynamic", "glibc/static"]))
    #expect(report.sizes.map(\.size.count) == [50_000, 45_000, 50_000, 45_000])
  }

  @Test(arguments: [
    ["glibc/dynamic"], ["none/static", "glibc/dynamic"], ["glibc/dynamic/cgo", "glibc/static"],
    ["glibc/dynamic", "musl/static"],
  ])
  func `variants that differ in nothing, in two things or have no libc are refused`(names: [String]) throws {
    let measured = try LibcEffectsTests.measured(names)
    #expect(throws: FindingsError.self) { try LibcEffects.report(measured) }
  }

  @Test func `an unknown metric is refused with the one that was meant`() throws {
    let measured = try LibcEffectsTests.measured()
    let error = #expect(throws: FindingsError.self) {
      try LibcEffects.report(measured, metrics: ["peak_residant"])
    }
    #expect(error?.description.contains("peak_resident") == true)
  }
}
