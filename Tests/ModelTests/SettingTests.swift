import Model
import Testing

@Suite struct SettingTests {
  @Test(arguments: [
    "mallctl opt.narenas", "property tcmalloc.heap_limit_mb", "flag bool malloc_skip_sbrk",
    "verbose purge_delay",
    "tunable glibc.malloc.check", "probe arenas", "output Starting tracking the heap",
    "process status THP_enabled", "metric /gc/gogc:percent", "debug gctrace", "build-info GOEXPERIMENT",
    "no-complaint",
  ])
  func `a read-back is written as it was read`(text: String) throws {
    #expect(try SettingReadBack(parsing: text).description == text)
    #expect(SettingReadBack.kinds.contains(String(text.prefix { $0 != " " })))
  }

  @Test(arguments: [
    ("mallctl", "takes an argument"), ("no-complaint x", "takes no argument"),
    ("probe arena", "did you mean 'arenas'?"), ("flag boo x", "did you mean 'bool'?"),
    ("flag bool", "TYPE NAME"), ("process status", "FILE FIELD"), ("", "unknown kind of read-back"),
  ])
  func `a read-back that makes no sense is refused`(text: String, words: String) {
    let error = #expect(throws: InputError.self) { try SettingReadBack(parsing: text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  /// As `nm -D libtcmalloc_minimal.so.4` of gperftools 2.10 shows it.
  @Test func `a flag of gperftools has the symbol that its library exports`() throws {
    #expect(
      try GperftoolsFlag(parsing: "double tcmalloc_release_rate").symbol
        == "_ZN62FLAG__namespace_do_not_use_directly_use_DECLARE_double_instead27FLAGS_tcmalloc_release_rateE"
    )
  }

  @Test func `a range includes its bounds and may lack either`() {
    #expect(SettingRange(minimum: 1, maximum: 4).contains(1) && !SettingRange(maximum: 4).contains(5))
    #expect(SettingRange().contains(.max) && !SettingRange(minimum: -1).contains(-2))
    #expect(SettingRange(minimum: -1).description == "≥ -1")
    #expect(SettingRange(minimum: 0, maximum: 255).description == "0…255")
  }

  @Test func `a setting of a table comes before the same one of the table it takes in`() {
    let first = SettingSpec(variable: "A", type: .text, defaultValue: "mine", effect: "")
    var second = first
    second.defaultValue = "yours"
    let other = SettingSpec(variable: "B", type: .text, defaultValue: "", effect: "")
    let table = SettingTable(settings: [first]).adding(SettingTable(notes: ["n"], settings: [second, other]))
    #expect(table.settings == [other, first] && table.notes == ["n"])
  }

  @Test func `a setting that is limited to some builds acts in those only`() throws {
    let setting = SettingSpec(
      variable: "A", key: "prof", form: .list(separator: ",", assignment: ":"), type: .boolean,
      defaultValue: "false", effect: "", worksWith: ["glibc/dynamic"])
    #expect(setting.acts(in: try Variant(parsing: "glibc/dynamic/jemalloc")))
    #expect(!setting.acts(in: try Variant(parsing: "musl/static/jemalloc")))
    #expect(setting.assignment("true") == EnvironmentAssignment(variable: "A", value: "prof:true"))
  }
}
