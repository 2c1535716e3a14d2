import Foundation
import Testing

/// Our Go workloads through the whole pipeline; without Go these tests say so and do nothing else.
@Suite struct GoRunTests {
  private let binary: HeapscaleBinary

  init() throws { binary = try HeapscaleBinary() }

  /// Go variants that are ready here, as flags.
  private func variants(_ isWanted: (String) -> Bool) throws -> [String] {
    let listed = try binary.run("list", "variants").output.split(separator: "\n").map {
      $0.split(separator: " ", maxSplits: 2).map(String.init)
    }
    let go = listed.filter { $0[0].hasSuffix("cgo") && isWanted($0[0]) }
    for line in go where line[1] != "ready" { print("skipped \(line.joined(separator: " "))") }
    return go.filter { $0[1] == "ready" }.flatMap { ["--variant", $0[0]] }
  }

  private func measure(_ arguments: [String]) throws -> (run: HeapscaleBinary.Run, json: Document) {
    let json = binary.folder.appending(path: "\(UUID().uuidString).json").path
    let options = ["--warmup", "0", "--store", binary.store, "--json", json, "--quiet"]
    let run = try binary.start(arguments + options).1()
    return (run, try Document(path: json, run))
  }

  @Test func `every allocator serves C below Go, and is proved`() throws {
    let variants = try variants { $0.hasSuffix("/cgo") }
    guard !variants.isEmpty else { return }
    let workload = "go-cgo:goroutines=2,slots=100,operations=2000,idle=10ms"
    let (run, json) = try measure(["run", "--workload", workload, "--trials", "1"] + variants)
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count == variants.count / 2)
    for cell in json.cells {
      let identity = cell["identity"] as? [String: Any]
      #expect(identity?["verified"] as? Bool == true, "\(cell["variant"] ?? ""): \(identity ?? [:])")
      #expect(Document.outcomes(cell) == ["ok": 1], "\(cell["variant"] ?? "")")
    }
  }

  @Test func `with madvdontneed=0 the Go heap stays resident, otherwise it goes back`() throws {
    let variants = try variants { $0 == "none/static/go/nocgo" || $0 == "glibc/dynamic/glibc/cgo" }
    guard !variants.isEmpty else { return }
    let settings = ["lazy=GODEBUG=madvdontneed=0", "usual=GODEBUG=madvdontneed=1"].flatMap {
      ["--settings", $0]
    }
    let (run, json) = try measure(
      ["run", "--workload", "go-heap:cycles=1", "--scale", "quick", "--trials", "1"] + variants + settings)
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count == variants.count / 2 * 3)
    for cell in json.cells {
      let peak = try Document.median(cell, "peak_resident")
      let retained = try Document.median(cell, "retained_resident")
      let isLazy = (cell["settings"] as? [String: Any])?["name"] as? String == "lazy"
      #expect(
        isLazy ? retained > 0.9 * peak : retained < 0.5 * peak,
        "\(cell["variant"] ?? "") \(retained) of \(peak)")
      #expect(peak >= (try Document.median(cell, "peak_live")))
      #expect((cell["identity"] as? [String: Any])?["verified"] as? Bool == true)
      #expect(try Document.median(cell, "go_heap_released") > 30_000_000, "released either way")
      #expect(try Document.median(cell, "go_heap_inuse") > 30_000_000)
      #expect(try Document.median(cell, "go_gc_cycles") >= 2)
    }
  }

  @Test func `every Go workload finds its answer with one processor and with several`() throws {
    guard try !variants({ $0 == "glibc/dynamic/glibc/cgo" }).isEmpty else { return }
    let workloads = ["go-heap", "go-burst", "go-small", "go-cgo"].flatMap { ["--workload", $0] }
    let (run, json) = try measure(
      [
        "run", "--scale", "quick", "--trials", "1", "--settings", "one=GOMAXPROCS=1", "--settings",
        "four=GOMAXPROCS=4",
      ]
        + workloads)
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count == 12)
    for cell in json.cells {
      #expect(cell["variant"] as? String == "glibc/dynamic/glibc/cgo", "the default variant, for Go")
      #expect(Document.outcomes(cell) == ["ok": 1], "\(cell["workload"] ?? "")")
      #expect(try Document.median(cell, "throughput") > 0)
    }
  }

  @Test func `a plan with C and Go runs each workload as the variants of its language`() throws {
    let run = try binary.run(
      "run", "--workload", "go-heap", "--workload", "larson", "--variant", "glibc/dynamic", "--variant",
      "glibc/dynamic/cgo", "--dry-run", "--store", binary.store)
    #expect(run.status == 0, "\(run.errors)")
    if try variants({ $0 == "glibc/dynamic/glibc/cgo" }).isEmpty {
      #expect(run.output.contains("1 cells × at most 41 blocks"), "\(run.output)")
    } else {
      #expect(run.output.contains("2 cells × at most 41 blocks"), "\(run.output)")
    }
  }

  @Test func `build takes the variants of the workload's language`() throws {
    let wrong = try binary.run("build", "--workload", "larson", "--variant", "none/static")
    #expect(
      wrong.status == 64 && wrong.errors.contains("none of the workloads runs as variant"), "\(wrong.errors)")
    guard try !variants({ $0 == "glibc/dynamic/glibc/cgo" }).isEmpty else { return }
    let right = try binary.run("build", "--workload", "go-small", "--variant", "glibc/dynamic")
    #expect(
      right.status == 0 && right.output.hasPrefix("go-small as glibc/dynamic/glibc/cgo: "), "\(right.output)")
  }
}
