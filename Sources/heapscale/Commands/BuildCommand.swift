import ArgumentParser
import Experiments
import Foundation
import Model
import Targets

/// `heapscale build`: builds without measuring.
struct BuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Builds workloads as variants, without running them.",
    discussion: """
      What is built is kept and found again by `run`. Allocators that no package has for a variant, such as TCMalloc for \
      static musl, are built from their Debian source package first; that takes some minutes, once.

        heapscale build                                         everything that can be built here
        heapscale build --workload larson --variant musl/static/tcmalloc-minimal
        heapscale build --workload go-heap --variant none/static --variant glibc/dynamic
        heapscale build --plan quick
      """)

  @Option(help: "A workload. Repeatable. (default: all)")
  var workload: [String] = []

  @Option(help: "A variant: LIBC/LINKAGE[/ALLOCATOR]. Repeatable. (default: all that can be built)")
  var variant: [String] = []

  @Option(help: "Builds what a plan needs.")
  var plan: String?

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      let (workloads, variants) = try chosen(bench)
      var missing = 0
      for variant in variants {
        if case .missing(let reason) = await bench.builder.availability(of: variant) {
          Terminal.note("\(variant): left out: \(reason)")
          missing += 1
          continue
        }
        for workload in workloads where workload.runs(as: variant) {
          try await build(workload, variant, bench)
        }
      }
      if missing == variants.count || (missing > 0 && !self.variant.isEmpty) { throw ExitStatus.machineLacks }
    }
  }

  private func chosen(_ bench: Workbench) throws -> ([WorkloadSpec], [Variant]) {
    if let plan {
      let draft = try PlanReader.read(path: try bench.planPath(plan))
      let resolved = try bench.resolver.resolve(draft, seed: 1)
      return (try resolved.subjects.map { try bench.catalogue.workload($0.workload) }, resolved.variants)
    }
    let workloads =
      workload.isEmpty ? bench.catalogue.workloads : try workload.map { try bench.catalogue.workload($0) }
    let variants =
      variant.isEmpty
      ? bench.catalogue.variants
      : try variant.map { try bench.resolver.variant(Variant(parsing: $0), for: workloads) }
    for variant in variants { try bench.catalogue.check(variant) }
    return (workloads, variants)
  }

  private func build(_ workload: WorkloadSpec, _ variant: Variant, _ bench: Workbench) async throws {
    if case .missing(let reason) = await bench.builder.availability(of: variant, workload: workload) {
      Terminal.note("\(workload.id) as \(variant): left out: \(reason)")
      return
    }
    let target = try await bench.builder.build(workload: workload, variant: variant)
    let preload = target.preloadLibrary.map { " + \($0)" } ?? ""
    Terminal.output("\(workload.id) as \(variant): \(target.executable)\(preload)\n")
  }
}
