import Experiments
import Foundation
import Model
import Testing

private let larson = WorkloadSpec(
  id: "larson", title: "", pattern: "", exposes: "", reference: "", analysis: "", isControl: false,
  folder: "/x",
  sources: ["larson.c"],
  parameters: [
    ParameterSpec(
      name: "threads", type: .int, minimum: 1, maximum: 64, values: [.quick: 2, .default: 4, .full: 8],
      explanation: ""),
    ParameterSpec(
      name: "idle", type: .duration, minimum: 0, maximum: 10_000, values: [.default: 100], explanation: ""),
  ])

private func allocator(_ id: AllocatorID, _ builds: [String]) -> AllocatorSpec {
  AllocatorSpec(
    id: id, title: "", explanation: "",
    builds: Dictionary(uniqueKeysWithValues: builds.map { ($0, AllocatorBuild()) }),
    marks: AllocatorMarks(files: [], symbols: [], signature: []), environment: [])
}

private let resolver = PlanResolver(
  workloads: [larson],
  allocators: [
    allocator("glibc", ["glibc/dynamic", "glibc/static"]), allocator("musl", ["musl/static"]),
    allocator("jemalloc", ["glibc/preload"]),
  ])

private func resolve(_ text: String) throws -> Plan {
  try resolver.resolve(try PlanReader.parse(text, file: "p.yaml"), seed: 1)
}

@Test func `a plan expands to all its cells`() throws {
  let plan = try resolve(
    """
    scale: quick
    workloads: [larson, "larson:threads=3", {larson: {threads: 5, idle: 1s}}]
    variants: [glibc/dynamic, musl/static]
    settings: {tight: {MALLOC_ARENA_MAX: 1}}
    """)
  #expect(plan.cells.count == 3 * 2 * 2)
  #expect(plan.subjects.map { $0.parameters[0].value } == [2, 3, 5])
  #expect(plan.subjects[2].parameters[1].value == 1000)
  #expect(plan.reference.description == "glibc/dynamic/glibc")
  #expect(plan.settings.map(\.name) == ["default", "tight"])
  #expect(Set(plan.cells.map(\.key)).count == plan.cells.count)
}

@Test(arguments: [
  ("wrkloads: [larson]", "p.yaml:1:1", "did you mean 'workloads'?"),
  ("workloads:\n  - lrason", "p.yaml:2:5", "did you mean 'larson'?"),
  ("workloads:\n  - larson: {thread: 4}", "p.yaml:2:5", "did you mean 'threads'?"),
  ("workloads: [\"larson:threads=99\"]", "p.yaml:1:13", "from 1 to 64"),
  ("workloads: [larson]\nvariants: [glibc/dynamc]", "p.yaml:2:12", "did you mean 'dynamic'?"),
  ("workloads: [larson]\nvariants: [glibc/dynamic/jemalloc]", "p.yaml:2:12", "comes as: glibc/preload"),
  ("workloads: [larson]\ntrials: 0", "p.yaml:2:9", "from 1 to 100000"),
  ("workloads: [larson]\ntime_limit: soon", "p.yaml:2:13", "a time such as"),
  ("workloads: [larson]\nsettings: {default: {A: 1}}", "p.yaml:2:12", "not 'default'"),
  ("workloads: [larson, larson]", "p.yaml:1:21", "twice"),
])
func `a mistake in a plan is located and explained`(text: String, place: String, help: String) throws {
  let error = #expect(throws: InputError.self) { try resolve(text) }
  #expect(error?.description.hasPrefix(place) == true, "\(error?.description ?? "")")
  #expect(error?.description.contains(help) == true, "\(error?.description ?? "")")
}

@Test func `a directory is no plan`() {
  let error = #expect(throws: InputError.self) { try PlanReader.read(path: "/tmp") }
  #expect(error?.description.contains("directory") == true)
}

@Test func `flags win over the file`() throws {
  var flags = PlanDraft()
  flags.trials = .fixed(3)
  let file = try PlanReader.parse("trials: 10\nseed: 4\nworkloads: [larson]", file: "p.yaml")
  let plan = try resolver.resolve(flags.filled(from: file), seed: 1)
  #expect(plan.trials == 3)
  #expect(plan.seed == 4)
}

@Test func `a memory limit needs the sampler`() throws {
  #expect(throws: InputError.self) { try resolve("workloads: [larson]\nrate: 0\nmemory_limit: 1GiB") }
}

@Test func `every block holds every cell once, in an order of its own`() {
  var orders: Set<[Int]> = []
  for block in -1..<20 {
    let order = Schedule.order(block: block, cells: 30, seed: 5)
    #expect(order.sorted() == Array(0..<30))
    #expect(order == Schedule.order(block: block, cells: 30, seed: 5))
    orders.insert(order)
  }
  #expect(orders.count == 21)
}

@Test func `every position of a block is as likely for every cell`() {
  // 6,000 blocks of 3 cells: each of the 6 orders is expected 1,000 times, standard deviation 29.
  var counts: [[Int]: Int] = [:]
  for block in 0..<6000 { counts[Schedule.order(block: block, cells: 3, seed: 9), default: 0] += 1 }
  #expect(counts.count == 6)
  #expect(counts.values.allSatisfy { (850...1150).contains($0) })
}
