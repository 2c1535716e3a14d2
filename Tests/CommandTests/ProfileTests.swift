import Foundation
import Glibc
import Testing

/// `heapscale profile` as a user runs it: programs whose growth has one known cause.
@Suite struct ProfileTests {
  private let binary: HeapscaleBinary
  private static let block = Double(64 << 20)
  private static let hasPMU = FileManager.default.fileExists(atPath: "/sys/bus/event_source/devices/cpu")

  init() throws { binary = try HeapscaleBinary() }

  /// Whether a variant can be built here; says so when not.
  private func isReady(_ variant: String) throws -> Bool {
    let line = try binary.run("list", "variants").output.split(separator: "\n").first {
      $0.hasPrefix(variant)
    }
    let isReady = line?.contains("ready") == true
    if !isReady { print("skipped: \(line ?? "\(variant) is not listed")") }
    return isReady
  }

  @Test(
    arguments: [
      ("touch", "glibc/dynamic", [], "touch_every_page"),
      ("touch", "glibc/static", [], "touch_every_page"),
      // TCMalloc's own start-up makes 4 MiB resident.
      ("touch", "glibc/preload/tcmalloc", ["--phase", "steady"], "touch_every_page"),
      ("go-touch", "none/static", [], "main.touchEveryPage"),
      ("go-touch", "glibc/dynamic/glibc/cgo", [], "main.touchEveryPage"),
    ] as [(String, String, [String], String)])
  func `at least 95 % of the growth is attributed to the one place that touches the block`(
    workload: String, variant: String, options: [String], function: String
  ) throws {
    guard try isReady(variant) else { return }
    let arguments = ["--workload", workload, "--variant", variant, "--no-simulate"]
    let profiled = try ProfiledRun(binary, arguments + options)
    #expect(profiled.run.status == 0, "\(profiled.run.errors)")
    let growth = try profiled.growth()
    let touched = try growth.at(function, "resident")
    #expect(touched >= 0.95 * (try growth.total("resident")), "\(profiled.run.output)")
    // One page at either end may have been touched by the allocator.
    #expect(touched > ProfileTests.block * 0.99 && touched <= ProfileTests.block + 8192)
    #expect((profiled.profile["identity"] as? [String: Any])?["verified"] as? Bool == true)
  }

  @Test(.enabled(if: geteuid() == 0, "needs root to mount tracefs"))
  func `what glibc gives back when the block is freed is subtracted`() throws {
    let folder = binary.folder.appending(path: "tracefs").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(mount("tracefs", folder, "tracefs", 0, nil) == 0, "tracefs: errno \(errno)")
    defer { umount2(folder, Int32(MNT_DETACH)) }
    let profiled = try ProfiledRun(binary, ["--workload", "touch", "--no-simulate"])
    let growth = try profiled.growth()
    let returned = try growth.at("touch_every_page", "returned")
    #expect(abs(returned / ProfileTests.block - 1) < 0.01, "\(profiled.run.output)")
    #expect(try growth.at("touch_every_page", "kept") < 0.01 * ProfileTests.block)
    let counted = profiled.events.first {
      ($0["metric"] as? [String: Any])?["id"] as? String == "munmap_calls"
    }
    #expect((counted?["value"] as? Double ?? 0) >= 1, "\(profiled.events)")
  }

  @Test(.disabled(if: ProfileTests.hasPMU, "this machine has a PMU"))
  func `without a PMU no event shows 0, and every format says why`() throws {
    let markdown = binary.folder.appending(path: "profile.md").path
    let profiled = try ProfiledRun(
      binary, ["--workload", "touch", "--no-simulate", "--markdown", markdown])
    for id in ["loads", "stores", "cycles", "instructions", "llc_misses"] {
      let event = profiled.events.first { ($0["metric"] as? [String: Any])?["id"] as? String == id }
      #expect(event?["value"] == nil, "\(id)")
      #expect((event?["unavailable"] as? String)?.contains("no hardware PMU") == true, "\(event ?? [:])")
      #expect(event?["provenance"] == nil)
    }
    #expect(profiled.unavailable.contains { ($0["reason"] as? String)?.contains("no hardware PMU") == true })
    for text in [profiled.run.output, try String(contentsOfFile: markdown, encoding: .utf8)] {
      #expect(text.contains("not counted") && text.contains("no hardware PMU"), "\(text)")
      #expect(text.contains("Not available here") && !text.contains("loads  0"), "\(text)")
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind"), "needs valgrind"))
  func `simulated figures are called simulated in every format`() throws {
    let path = { (name: String) in binary.folder.appending(path: name).path }
    let profiled = try ProfiledRun(
      binary,
      ["--workload", "pair", "--simulate", "--markdown", path("p.md"), "--csv", path("p.csv")])
    let simulated = try #require(profiled.json["simulated"] as? [String: Any], "\(profiled.run.errors)")
    #expect(simulated["provenance"] as? String == "simulated")
    let total = (simulated["events"] as? [String: Any])?["total"] as? [String: Any]
    #expect((total?["loads"] as? Double ?? 0) > 1_000_000)
    let columns = (profiled.json["functions"] as? [String: Any])?["columns"] as? [[String: Any]] ?? []
    #expect(columns.first { $0["name"] as? String == "loads" }?["provenance"] as? String == "simulated")
    for text in [profiled.run.output, try String(contentsOfFile: path("p.md"), encoding: .utf8)] {
      #expect(text.contains("simulated machine") && text.contains("sim loads"), "\(text)")
    }
    let rows = try String(contentsOfFile: path("p.csv"), encoding: .utf8).split(separator: "\r\n")
    let loads = rows.filter { $0.contains(",loads,") }
    #expect(!loads.isEmpty && loads.allSatisfy { $0.contains(",loads,1,simulated,") })
  }

  @Test(arguments: ["glibc/preload/tcmalloc", "glibc/preload/jemalloc"])
  func `heap profiles of the allocator stand beside, at the function that allocates`(variant: String) throws {
    guard try isReady(variant) else { return }
    let profiled = try ProfiledRun(
      binary, ["--workload", "touch", "--variant", variant, "--heap", "--no-simulate"])
    #expect(profiled.run.status == 0, "\(profiled.run.errors)")
    let heap = try #require(profiled.heaps().first, "\(profiled.unavailable)")
    let allocated = try heap.below("main", "allocated_bytes")
    // The block and 2,000 pieces of 256 bytes.
    #expect(abs(allocated / (ProfileTests.block + 512_000) - 1) < 0.01, "\(allocated)")
    let table = profiled.json["functions"] as? [String: Any]
    let names = (table?["columns"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    #expect(names.contains("resident") && names.contains("allocated_bytes"))
  }
}
