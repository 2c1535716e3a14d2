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
      for variant in catalogue.variants {
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
    // Without telemetry the mapped files must lead to the same answer.
    var blind = run.process
    (blind.mallocFile, blind.freeFile) = ("", "")
    let second = judge.judge(variant: target.variant, file: target.evidence, process: blind)
    #expect(second.verified, "\(target.variant) by its maps: \(second)")
    #expect(target.artifacts.allSatisfy { $0.sha256.count == 64 && $0.size.count > 0 })
    print("  \(target.artifacts.map { "\($0.kind) \($0.origin)" }.joined(separator: "; "))")
  }
}
