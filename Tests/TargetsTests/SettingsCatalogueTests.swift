import Model
import Testing

@testable import Targets

@Suite struct SettingsCatalogueTests {
  /// How many settings the survey of each allocator found; a file that lost some is noticed here.
  @Test(arguments: [
    ("glibc", 14), ("musl", 0), ("tcmalloc-minimal", 20), ("tcmalloc", 43), ("jemalloc", 76),
    ("mimalloc", 26), ("mimalloc3", 47), ("scudo", 15), ("tbbmalloc", 3), ("go", 31),
  ])
  func `every setting that the survey found is in the catalogue`(id: String, count: Int) throws {
    let spec = try catalogue().allocator(AllocatorID(id))
    #expect(spec.settings.settings.count >= count)
    #expect((count == 0) == spec.settings.settings.isEmpty)
  }

  @Test func `every variable of a setting is cleared for commands`() throws {
    for allocator in try catalogue().allocators {
      for variable in allocator.settings.settings.flatMap({ [$0.variable] + $0.aliases }) {
        let isCleared = allocator.environment.contains { pattern in
          pattern.hasSuffix("*") ? variable.hasPrefix(pattern.dropLast()) : variable == pattern
        }
        #expect(isCleared, "\(allocator.id): add \(variable) to 'environment'")
      }
    }
  }

  @Test func `settings act only in variants that exist, and none is listed twice`() throws {
    for allocator in try catalogue().allocators {
      let settings = allocator.settings.settings
      for setting in settings {
        #expect(
          setting.worksWith.allSatisfy { allocator.builds[$0] != nil }, "\(allocator.id) \(setting.name)")
        #expect(setting.effect.hasSuffix("."), "\(allocator.id) \(setting.name): the effect is a sentence")
      }
      let names = settings.flatMap { ["\($0.variable) \($0.key ?? "")"] + $0.aliases.map { "\($0) " } }
      #expect(Set(names).count == names.count, "\(allocator.id)")
    }
  }

  @Test func `the two builds of TCMalloc share their settings, and only the full one profiles`() throws {
    let full = try catalogue().allocator("tcmalloc").settings
    let minimal = try catalogue().allocator("tcmalloc-minimal").settings
    #expect(
      full.setting(variable: "TCMALLOC_RELEASE_RATE") == minimal.setting(variable: "TCMALLOC_RELEASE_RATE"))
    #expect(full.setting(variable: "HEAPPROFILE") != nil)
    #expect(minimal.setting(variable: "HEAPPROFILE") == nil)
  }

  @Test func `a read-back of a list names the key`() throws {
    let jemalloc = try catalogue().allocator("jemalloc").settings
    let setting = try #require(jemalloc.setting(variable: "MALLOC_CONF", key: "tcache_nslots_large"))
    #expect(setting.readBack == [.mallctl("opt.tcache_nslots_large")])
    #expect(setting.assignment("8").value == "tcache_nslots_large:8")
    #expect(jemalloc.form(of: "MALLOC_CONF") == .list(separator: ",", assignment: ":"))
    #expect(jemalloc.form(of: "TCMALLOC_RELEASE_RATE") == nil)
  }

  @Test func `glibc's old variables stand for its tunables`() throws {
    let glibc = try catalogue().allocator("glibc").settings
    #expect(glibc.setting(variable: "MALLOC_ARENA_MAX")?.key == "glibc.malloc.arena_max")
    #expect(glibc.form(of: "MALLOC_ARENA_MAX") == .value)
  }

  @Test(arguments: [
    ("settings: {varables: {}}", "2:12", "did you mean 'variables'?"),
    ("settings: {variables: {A-B: {}}}", "2:24", "cannot be a variable's name"),
    ("settings: {variables: {A: {tpye: integer}}}", "2:28", "did you mean 'type'?"),
    ("settings: {variables: {A: {type: integr}}}", "2:34", "did you mean 'integer'?"),
    ("settings: {variables: {A: {type: integer, effect: e.}}}", "2:27", "'default' is missing"),
    ("settings: {variables: {A: {type: boolean, default: on}}}", "2:27", "'booleans' for all settings"),
    ("settings: {variables: {A: {type: choice, default: on}}}", "2:27", "'choices' is missing"),
    ("settings: {variables: {A: {type: integer, minimum: 2, maximum: 1}}}", "2:52", "above"),
    ("settings: {variables: {A: {keys: {}, separator: x}}}", "2:27", "'assignment' is missing"),
    ("settings: {variables: {A: {keys: {}, separator: xy, assignment: z}}}", "2:49", "one character"),
    (
      "settings: {variables: {A: {type: text, default: d, effect: e., read_back: [malctl x]}}}", "2:76",
      "did you mean 'mallctl'?"
    ),
    (
      "settings: {variables: {A: {type: text, default: d, effect: e., pitfalls: [{vaule: x}]}}}", "2:76",
      "did you mean 'value'?"
    ),
    (
      "settings: {variables: {A: {type: text, default: d, effect: e., pitfalls: "
        + "[{value: x, text: t, verdict: insert}]}}}",
      "2:104", "did you mean 'inert'?"
    ),
  ])
  func `a wrong setting is refused with its place`(text: String, place: String, words: String) async throws {
    try await Workspace.temporary { folder in
      let file = folder + "/mine.yaml"
      try Files.write("# mine\n\(text)\ntitle: t\nexplanation: e\nmarks: {}\n", to: file)
      let error = #expect(throws: InputError.self) { try AllocatorFile.read(file) }
      let message = error?.description ?? ""
      #expect(message.hasPrefix("\(file):\(place): "), "\(message)")
      #expect(message.contains(words), "\(message)")
    }
  }

  @Test func `settings of an allocator that is not there are refused`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("", to: folder + "/Workloads/support/workload.h", makingParents: true)
      try Files.write(
        "title: t\nexplanation: e\nmarks: {}\nsettings: {from: jemaloc}\n",
        to: folder + "/Workloads/allocators/jemalloc.yaml", makingParents: true)
      let data = try Workspace.dataFolder(["HEAPSCALE_DATA": folder, "HEAPSCALE_CACHE": folder + "/cache"])
      let error = #expect(throws: InputError.self) { try Catalogue.load(from: data) }
      #expect(error?.description.contains("jemalloc.yaml:4:18: settings, from: unknown allocator") == true)
    }
  }

  private func catalogue() throws -> Catalogue { try Catalogue.load(from: Workspace.dataFolder()) }
}
