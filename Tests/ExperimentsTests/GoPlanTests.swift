import Experiments
import Foundation
import Model
import Testing

/// Plans with programs in Go, in C, and in both.
@Suite struct GoPlanTests {
  private let resolver = PlanResolver(
    workloads: [
      GoPlanTests.workload("larson", "larson.c"), GoPlanTests.workload("go-heap", "main.go"),
      GoPlanTests.workload("go-cgo", "main.go", needsCgo: true),
    ],
    allocators: [
      GoPlanTests.allocator("glibc", ["glibc/dynamic", "glibc/static"]),
      GoPlanTests.allocator("musl", ["musl/dynamic", "musl/static"]),
      GoPlanTests.allocator("jemalloc", ["glibc/preload"]), GoPlanTests.allocator("go", ["none/static"]),
    ])

  private static func workload(_ id: String, _ source: String, needsCgo: Bool = false) -> WorkloadSpec {
    WorkloadSpec(
      id: id, title: "", pattern: "", exposes: "", reference: "", analysis: "", isControl: false,
      folder: "/x",
      sources: [source], parameters: [], needsCgo: needsCgo)
  }

  private static func allocator(_ id: AllocatorID, _ builds: [String]) -> AllocatorSpec {
    AllocatorSpec(
      id: id, title: "", explanation: "",
      builds: Dictionary(uniqueKeysWithValues: builds.map { ($0, AllocatorBuild()) }),
      marks: AllocatorMarks(files: [], symbols: [], signature: []), environment: [])
  }

  private func resolve(_ text: String) throws -> Plan {
    try resolver.resolve(try PlanReader.parse(text, file: "p.yaml"), seed: 1)
  }

  @Test(arguments: [
    ("workloads: [go-heap]", ["glibc/dynamic/glibc/cgo"]),
    (
      "workloads: [go-heap, go-cgo]\nvariants: [musl/static, glibc/dynamic, glibc/dynamic/cgo, none/static]",
      ["musl/static/musl/cgo", "glibc/dynamic/glibc/cgo", "none/static/go/nocgo"]
    ),
    ("workloads: [go-cgo]\nvariants: [glibc/preload/jemalloc]", ["glibc/preload/jemalloc/cgo"]),
    (
      "workloads: [go-heap, larson]\nvariants: [glibc/dynamic, none/static]",
      ["glibc/dynamic/glibc", "none/static/go/nocgo"]
    ),
  ])
  func `where every workload is in Go, variants need not say so`(text: String, expected: [String]) throws {
    #expect(try resolve(text).variants.map(\.description) == expected)
  }

  @Test func `the reference and the settings' targets mean Go as the variants do`() throws {
    let text = "workloads: [go-heap]\nvariants: [musl/static, glibc/dynamic]\n"
    #expect(try resolve(text).reference.description == "glibc/dynamic/glibc/cgo")
    #expect(try resolve(text + "reference: musl/static").reference.description == "musl/static/musl/cgo")
    var draft = try PlanReader.parse(text, file: "p.yaml")
    draft.settings = [SettingsRequest(name: "a", targets: ["musl/static/musl", "go"])]
    #expect(try resolver.resolve(draft, seed: 1).settings[1].targets == ["musl/static/musl/cgo", "go"])
  }

  @Test(arguments: [
    (
      "workloads: [larson, go-heap]\nvariants: [glibc/dynamic]", "p.yaml:1:21: workload 'go-heap'",
      "none/static"
    ),
    ("workloads: [go-cgo]\nvariants: [none/static]", "p.yaml:1:13: workload 'go-cgo'", "calls C"),
    (
      "workloads: [larson]\nvariants: [glibc/dynamic, musl/static/cgo]", "p.yaml:2:27: none of the workloads",
      "leave /cgo out"
    ),
    (
      "workloads: [larson]\nvariants: [glibc/dynamic, none/static]", "p.yaml:2:27: none of the workloads",
      "such as go-heap"
    ),
    (
      "workloads: [larson, go-heap]\nvariants: [none/static, glibc/static/cgo]",
      "p.yaml:1:13: workload 'larson'",
      "written in C"
    ),
    (
      "workloads: [go-heap]\nvariants: [musl/dynamic]",
      "p.yaml:2:12: there is no variant 'musl/dynamic/musl/cgo'",
      "comes as: musl/static/musl/cgo"
    ),
  ])
  func `a workload without variant and a variant without workload are refused`(
    text: String, beginning: String, help: String
  ) throws {
    let error = #expect(throws: InputError.self) { try resolve(text) }
    #expect(error?.description.hasPrefix(beginning) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(help) == true, "\(error?.description ?? "")")
  }
}
