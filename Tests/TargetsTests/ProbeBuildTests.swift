import Foundation
import Model
import Testing

@testable import Targets

@Suite struct ProbeBuildTests {
  private let builder: Builder

  init() throws {
    let folder = try Workspace.dataFolder()
    builder = Builder(
      folder: folder, catalogue: try Catalogue.load(from: folder),
      environment: ProcessInfo.processInfo.environment)
  }

  /// The probe's answers, one line each, without the word that begins them.
  private func answers(_ variant: Variant, _ requests: [String], _ environment: [String: String] = [:])
    async throws -> [[String]]
  {
    let probe = try await builder.buildProbe(variant: variant)
    let output = try await ToolRunner.run([probe.executable] + requests, environment: environment)
    #expect(output.succeeded, "\(variant): \(output.status) \(output.head())")
    return output.text.split(separator: "\n").map { line in
      let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      #expect(words.first == "heapscale-probe" && words.count == 4, "\(line)")
      return Array(words.dropFirst())
    }
  }

  @Test func `a probe is built as its variant's workloads are, and answers every request in a line`()
    async throws
  {
    let names = [
      "glibc/dynamic", "glibc/static/jemalloc", "musl/static", "glibc/dynamic/cgo",
      "glibc/static/tcmalloc/cgo",
      "musl/static/cgo", "none/static",
    ]
    for variant in try await GoBuilderTests.available(names, builder) {
      let answers = try await answers(variant, ["no such request", "nor this"])
      #expect(answers.map { $0[0] } == ["no such request", "nor this"], "\(variant)")
      #expect(answers.allSatisfy { $0[1] == "none" && !$0[2].isEmpty }, "\(variant)")
      let evidence = try await builder.buildProbe(variant: variant).evidence
      #expect(evidence.isStatic == (variant.linkage == .static))
    }
  }

  @Test func `the Go probe tells metrics and fields of its process`() async throws {
    for variant in try await GoBuilderTests.available(["none/static", "glibc/dynamic/cgo"], builder) {
      let requests = [
        "metric /gc/gogc:percent", "metric /gc/gomemlimit:bytes", "metric /gc/nothing:bytes",
        "metric /gc/pauses:seconds", "process smaps_rollup LazyFree", "process smaps_rollup Nothing",
        "process ../../etc/passwd root",
      ]
      let lazy = try await answers(
        variant, requests, ["GOGC": "250", "GOMEMLIMIT": "64MiB", "GODEBUG": "madvdontneed=0"])
      #expect(lazy[0][1...] == ["ok", "250"])
      #expect(lazy[1][1...] == ["ok", "67108864"])
      #expect(lazy[2][1...] == ["none", "this runtime has no such metric"])
      #expect(lazy[3][1...] == ["none", "the metric is a histogram"])
      let kept = try #require(Int(lazy[4][2]))
      #expect(kept >= 60 * 1024, "MADV_FREE leaves 64 MiB as LazyFree: \(kept) kB")
      #expect(lazy[5][1] == "none")
      #expect(lazy[6][2] == "the file must stand in /proc/self")
      let usual = try await answers(variant, ["process smaps_rollup LazyFree"])
      #expect(usual[0][1...] == ["ok", "0"])
    }
  }

  @Test func `the variables of GODEBUG are found in every Go program, and in no other`() async throws {
    for variant in try await GoBuilderTests.available(["none/static", "glibc/dynamic/cgo"], builder) {
      let file = try await builder.buildProbe(variant: variant).executable
      let layout = try #require(try await builder.goLayout(of: file))
      let field = try #require(layout.fields["madvdontneed"])
      #expect(field.size == 4 && field.address % 4 == 0)
      #expect(!layout.isPositionIndependent)
      #expect(layout.fields.count > 20)
      #expect(layout.fields["runtime.gomaxprocs"]?.size == 4)
      #expect(layout.fields["runtime.gcController.memoryLimit"]?.size == 8)
      #expect(layout.build["GoVersion"]?.hasPrefix("go1.") == true)
      #expect(layout.build["CGO_ENABLED"] == (variant.cgo == true ? "1" : "0"))
      try await Workspace.temporary { scratch in
        let stripped = scratch + "/stripped"
        try await ToolRunner.require(["strip", "-o", stripped, file], doing: "stripping")
        let bare = try #require(try await builder.goLayout(of: stripped))
        #expect(bare.fields.isEmpty && bare.build == layout.build)
      }
    }
    guard case .available = await builder.availability(of: .pureGo) else { return }
    #expect(try await builder.goLayout(of: "/bin/true") == nil)
    #expect(try await builder.goLayout(of: "/etc/passwd") == nil)
    await #expect(throws: TargetsError.file(path: "/nowhere", problem: "does not exist")) {
      try await builder.goLayout(of: "/nowhere")
    }
  }
}
