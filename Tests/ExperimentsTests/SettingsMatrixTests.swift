import Experiments
import Model
import Testing

private func allocator(_ id: AllocatorID, _ builds: [String], _ settings: [SettingSpec] = []) -> AllocatorSpec
{
  AllocatorSpec(
    id: id, title: "", explanation: "",
    builds: Dictionary(uniqueKeysWithValues: builds.map { ($0, AllocatorBuild()) }),
    marks: AllocatorMarks(files: [], symbols: [], signature: []), environment: [],
    settings: SettingTable(settings: settings))
}

private let decay = SettingSpec(
  variable: "MALLOC_CONF", key: "dirty_decay_ms", form: .list(separator: ",", assignment: ":"),
  type: .milliseconds, defaultValue: "10000", effect: "")

private let resolver = PlanResolver(
  workloads: [
    WorkloadSpec(
      id: "larson", title: "", pattern: "", exposes: "", reference: "", analysis: "", isControl: false,
      folder: "/x", sources: ["larson.c"], parameters: [])
  ],
  allocators: [
    allocator("glibc", ["glibc/dynamic"]),
    allocator("jemalloc", ["glibc/preload", "glibc/dynamic"], [decay]),
  ])

private func plan(_ settings: String) throws -> Plan {
  let text =
    "workloads: [larson]\nvariants: [glibc/dynamic, glibc/preload/jemalloc, glibc/dynamic/jemalloc]\n"
  return try resolver.resolve(try PlanReader.parse(text + settings, file: "p.yaml"), seed: 1)
}

@Suite struct SettingsMatrixTests {
  @Test func `a ladder makes one set a value, and adds its key to the list that is there`() throws {
    let plan = try plan(
      """
      settings:
        decay:
          environment: {MALLOC_CONF: "background_thread:true", X: 1}
          ladder: {variable: MALLOC_CONF, key: dirty_decay_ms, values: [0, 100, -1]}
      """)
    #expect(plan.settings.map(\.name) == ["default", "decay-0", "decay-100", "decay--1"])
    #expect(
      plan.settings[2].environment == [
        EnvironmentAssignment(variable: "MALLOC_CONF", value: "background_thread:true,dirty_decay_ms:100"),
        EnvironmentAssignment(variable: "X", value: "1"),
      ])
  }

  @Test func `a ladder of its own is called after its knob`() throws {
    let plan = try plan("ladder: {variable: GOGC, values: [50, \"\"]}")
    #expect(plan.settings.map(\.name) == ["default", "GOGC-50", "GOGC-empty"])
  }

  @Test func `several ladders are combined, each value with each`() throws {
    let plan = try plan(
      """
      settings:
        mem: {ladder: [{variable: A, values: [1, 2]}, {variable: B, values: [64MiB, "off"]}]}
      """)
    #expect(plan.settings.map(\.name) == ["default", "mem-1-64MiB", "mem-1-off", "mem-2-64MiB", "mem-2-off"])
    #expect(plan.settings[3].environment.map(\.value) == ["2", "64MiB"])
  }

  @Test func `a set for an allocator or a variant runs only there`() throws {
    let plan = try plan(
      """
      settings:
        tight: {environment: {MALLOC_CONF: "dirty_decay_ms:0"}, variants: [jemalloc]}
        plain: {environment: {X: 1}, variants: [glibc/dynamic/glibc]}
      """)
    let cells = plan.cells.map { "\($0.variant) \($0.settings.name)" }
    #expect(
      cells == [
        "glibc/dynamic/glibc default", "glibc/dynamic/glibc plain", "glibc/preload/jemalloc default",
        "glibc/preload/jemalloc tight", "glibc/dynamic/jemalloc default", "glibc/dynamic/jemalloc tight",
      ])
  }

  @Test(arguments: [
    ("ladder: {variable: MALLOC_CONF, values: [1]}", "name the key of the ladder"),
    ("ladder: {variable: GOGC, key: x, values: [1]}", "knows no keys of GOGC"),
    ("ladder: {variable: GOGC, values: []}", "has no 'values'"),
    ("settings: {a: {environment: {X: 1}, variants: [musl]}}", "no variant of this plan"),
    ("settings: {a: {environment: {X: 1}, varians: [musl]}}", "variants"),
    ("settings: {GOGC-1: {X: 1}}\nladder: {variable: GOGC, values: [1]}", "stand here twice"),
  ])
  func `a matrix that makes no sense says what is wrong`(text: String, expected: String) throws {
    #expect {
      _ = try plan(text)
    } throws: { "\($0)".contains(expected) }
  }

  @Test func `flags name sets, targets and ladders`() throws {
    let go = try SettingsSet(parsing: "t@go@jemalloc=GODEBUG=gctrace=1,sbrk=0,GOGC=50")
    #expect(go.targets == ["go", "jemalloc"])
    #expect(go.environment.map { "\($0.variable)=\($0.value)" } == ["GODEBUG=gctrace=1,sbrk=0", "GOGC=50"])
    let ladder = try SettingsRequest.Ladder(parsing: "MALLOC_CONF:dirty_decay_ms=0,100,-1")
    #expect(ladder.variable == "MALLOC_CONF" && ladder.key == "dirty_decay_ms")
    #expect(ladder.values == ["0", "100", "-1"])
    #expect(throws: InputError.self) { try SettingsRequest.Ladder(parsing: "MALLOC_CONF") }
  }
}
