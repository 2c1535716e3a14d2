import Model
import Testing

@Test(arguments: [
  ("glibc/dynamic", "glibc/dynamic/glibc"), ("musl/static", "musl/static/musl"),
  ("glibc/preload/jemalloc", "glibc/preload/jemalloc"),
  ("musl/static/musl@aarch64", "musl/static/musl@aarch64"),
  ("glibc/dynamic/cgo", "glibc/dynamic/glibc/cgo"),
  ("glibc/preload/jemalloc/cgo", "glibc/preload/jemalloc/cgo"),
  ("musl/static/cgo@aarch64", "musl/static/musl/cgo@aarch64"), ("none/static", "none/static/go/nocgo"),
  ("none/static/go", "none/static/go/nocgo"), ("none/static/nocgo", "none/static/go/nocgo"),
])
func `a variant is read and written back whole`(text: String, whole: String) throws {
  #expect(try Variant(parsing: text).description == whole)
}

@Test(arguments: [
  "glibc", "glibc/dynamic/a/b", "bionic/dynamic", "glibc/shared", "glibc/preload", "glibc/preload/glibc",
  "glibc/dynamic/../etc", "glibc/dynamic/", "",
])
func `a variant that makes no sense is refused`(text: String) {
  #expect(throws: InputError.self) { try Variant(parsing: text) }
}

@Test(arguments: [
  ("glibc/dynamic/jemalloc/go", "did you mean 'cgo'?"), ("none/static/cgo", "write glibc/dynamic/cgo"),
  ("none/dynamic", "write none/static"), ("none/preload/jemalloc", "LD_PRELOAD has no effect"),
  ("none/static/jemalloc", "glibc/dynamic/jemalloc/cgo"), ("glibc/dynamic/nocgo", "write none/static"),
  ("glibc/static/go/cgo", "Go's heap never serves malloc"), ("musl/static/go", "never serves malloc"),
  ("glibc/preload/cgo", "write glibc/dynamic/cgo"),
])
func `a Go variant that makes no sense is refused with what to write`(text: String, words: String) {
  let error = #expect(throws: InputError.self) { try Variant(parsing: text) }
  #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
}

@Test func `settings for go apply to every Go program, beside those of its allocator`() throws {
  let go = SettingsSet(name: "gc", environment: [], targets: ["go"])
  let jemalloc = SettingsSet(name: "tight", environment: [], targets: ["jemalloc"])
  for (text, hasGo, hasJemalloc) in [
    ("none/static", true, false), ("glibc/dynamic/jemalloc/cgo", true, true),
    ("glibc/dynamic/jemalloc", false, true),
  ] {
    let variant = try Variant(parsing: text)
    #expect(go.applies(to: variant) == hasGo && jemalloc.applies(to: variant) == hasJemalloc, "\(text)")
  }
}

@Test(arguments: [
  (["a.c"], false, ["glibc/dynamic", "musl/static"]), (["a.cpp"], false, ["glibc/dynamic", "musl/static"]),
  (["main.go"], false, ["glibc/dynamic/cgo", "none/static"]), (["main.go"], true, ["glibc/dynamic/cgo"]),
])
func `a workload runs as variants of its language`(sources: [String], needsCgo: Bool, expected: [String])
  throws
{
  let spec = WorkloadSpec(
    id: "w", title: "", pattern: "", exposes: "", reference: "", analysis: "", isControl: false, folder: "/w",
    sources: sources, parameters: [], needsCgo: needsCgo)
  let fitting = try ["glibc/dynamic", "musl/static", "glibc/dynamic/cgo", "none/static"].filter {
    spec.runs(as: try Variant(parsing: $0))
  }
  #expect(fitting == expected)
}

@Test func `a mistyped linkage is corrected`() {
  let error = #expect(throws: InputError.self) { try Variant(parsing: "glibc/statc") }
  #expect(error?.hint == "did you mean 'static'?")
}

@Test(arguments: [("lrason", "larson"), ("sawtoth", "sawtooth"), ("Larson", "larson")])
func `slips are recognised`(typed: String, meant: String) {
  #expect(Spelling.nearest(to: typed, among: ["larson", "sawtooth", "xmalloc"]) == meant)
}

@Test func `what is nothing like a known name gets no suggestion`() {
  #expect(Spelling.nearest(to: "quicksort", among: ["larson", "sawtooth"]) == nil)
}
