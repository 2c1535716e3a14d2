import Foundation
import Testing

/// Our own workloads through the whole pipeline, on what is installed here.
@Suite struct WorkloadRunTests {
  @Test func `sawtooth tells keepers from givers, and peak resident is never below peak live`() throws {
    let binary = try HeapscaleBinary()
    let (run, json) = try binary.measure(
      "run", "--workload", "sawtooth", "--scale", "quick", "--variant", "glibc/dynamic", "--variant",
      "musl/static",
      "--variant", "glibc/dynamic/tcmalloc-minimal", "--variant", "glibc/preload/jemalloc", "--trials", "2",
      "--warmup",
      "0")
    #expect(run.status == 0, "\(run.errors)")
    for cell in json.cells {
      #expect(try Document.median(cell, "peak_resident") >= Document.median(cell, "peak_live"))
      #expect((cell["identity"] as? [String: Any])?["verified"] as? Bool == true)
    }
    let tcmalloc = try Document.median(
      json.cell(variant: "glibc/dynamic/tcmalloc-minimal"), "retained_resident")
    let musl = try Document.median(json.cell(variant: "musl/static/musl"), "retained_resident")
    #expect(musl < 4_000_000, "musl gives memory back at once")
    #expect(tcmalloc > 3 * musl, "TCMalloc keeps it")
    let shown = try binary.run("show", "--curve", "sawtooth", "--store", binary.store)
    #expect(shown.status == 0)
    #expect(shown.output.contains("idle"))
  }

  @Test func `one seed gives one answer on every variant`() throws {
    let (run, json) = try HeapscaleBinary().measure(
      "run", "--workload", "glibc-thread", "--scale", "quick", "--variant", "glibc/static", "--variant",
      "musl/static",
      "--trials", "1", "--warmup", "0")
    #expect(run.status == 0, "\(run.errors)")
    #expect(json.cells.count == 2)
  }

  @Test func `a dry run prints the cells and measures nothing`() throws {
    let binary = try HeapscaleBinary()
    let run = try binary.run("run", "quick", "--dry-run", "--store", binary.store)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("54 cells × 7 blocks = 378 trials"), "\(run.output.suffix(200))")
    #expect(!FileManager.default.fileExists(atPath: binary.store))
  }

  @Test func `a missing variant is listed with the command that installs it, and skipped`() throws {
    let binary = try HeapscaleBinary()
    let data = try extendedData(binary) { workloads in
      let text = try String(
        contentsOf: workloads.appending(path: "allocators/mimalloc.yaml"), encoding: .utf8)
      try text.replacing("libmimalloc", with: "libnosuchmalloc").write(
        to: workloads.appending(path: "allocators/mimalloc.yaml"), atomically: true, encoding: .utf8)
    }
    let run = try binary.run(
      "run", "--workload", "glibc-simple", "--scale", "quick", "--variant", "glibc/dynamic", "--variant",
      "glibc/preload/mimalloc", "--trials", "1", "--warmup", "0", "--store", binary.store,
      environment: ["HEAPSCALE_DATA": data])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("apt-get install"), "\(run.output)")
  }

  @Test func `a workload is one folder and an allocator one file`() throws {
    let binary = try HeapscaleBinary()
    let data = try extendedData(binary) { workloads in
      let folder = workloads.appending(path: "my-test")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try myWorkload.write(to: folder.appending(path: "my.c"), atomically: true, encoding: .utf8)
      try myDescription.write(to: folder.appending(path: "workload.yaml"), atomically: true, encoding: .utf8)
      let jemalloc = try String(
        contentsOf: workloads.appending(path: "allocators/jemalloc.yaml"), encoding: .utf8)
      // The same library under another name stands in for an allocator that nobody knew yet.
      try FileManager.default.removeItem(at: workloads.appending(path: "allocators/jemalloc.yaml"))
      try jemalloc.write(
        to: workloads.appending(path: "allocators/mymalloc.yaml"), atomically: true, encoding: .utf8)
    }
    let json = binary.folder.appending(path: "o.json").path
    let run = try binary.run(
      "run", "--workload", "my-test:count=5000", "--variant", "glibc/dynamic", "--variant",
      "glibc/preload/mymalloc",
      "--trials", "1", "--warmup", "0", "--store", binary.store, "--json", json,
      environment: ["HEAPSCALE_DATA": data])
    #expect(run.status == 0, "\(run.errors)")
    let cell = try Document(path: json, run).cell(variant: "glibc/preload/mymalloc")
    #expect((cell["identity"] as? [String: Any])?["verified"] as? Bool == true)
    #expect(cell["workload"] as? String == "my-test")
  }

  /// A copy of the data folder, changed. Its builds go to the test's own cache.
  private func extendedData(_ binary: HeapscaleBinary, _ change: (URL) throws -> Void) throws -> String {
    let root = binary.folder.appending(path: "data")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    let workloads = root.appending(path: "Workloads")
    try FileManager.default.copyItem(
      at: HeapscaleBinary.root.appending(path: "Workloads").standardizedFileURL, to: workloads)
    try change(workloads)
    return root.path
  }

  private let myWorkload = """
    #include "workload.h"
    int main(int argc, char **argv) {
      hs_start(argc, argv);
      int64_t count = hs_int("count"), sum = 0;
      hs_phase(HS_PHASE_STEADY);
      for (int64_t i = 0; i < count; i++) {
        char *block = (char *)hs_malloc(64);
        block[0] = 1;
        sum += block[0];
        hs_free(block, 64);
      }
      hs_phase(HS_PHASE_DRAIN);
      hs_idle(10);
      return hs_finish((uint64_t)sum, (uint64_t)count);
    }
    """

  private let myDescription = """
    title: Mine
    pattern: Allocates and frees one block.
    exposes: nothing
    reference: none
    sources: [my.c]
    parameters:
      count: {type: int, minimum: 1, maximum: 1000000, default: 1000, explanation: how often}
    analysis: none
    """
}
