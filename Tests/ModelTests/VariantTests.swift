import Model
import Testing

@Test(arguments: [
  ("glibc/dynamic", "glibc/dynamic/glibc"), ("musl/static", "musl/static/musl"),
  ("glibc/preload/jemalloc", "glibc/preload/jemalloc"),
  ("musl/static/musl@aarch64", "musl/static/musl@aarch64"),
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
