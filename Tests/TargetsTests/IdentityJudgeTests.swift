import Model
import Testing

@testable import Targets

/// Evidence as it was recorded on Debian 12, judged without any file.
@Suite struct IdentityJudgeTests {
  private let judge: IdentityJudge
  private let library = "/usr/lib/x86_64-linux-gnu/"

  init() throws {
    judge = IdentityJudge(allocators: try Catalogue.load(from: Workspace.dataFolder()).allocators)
  }

  private func dynamic(interpreter: String = "/lib64/ld-linux-x86-64.so.2", mallocng: Bool = false)
    -> StaticEvidence
  {
    StaticEvidence(
      file: "/cache/larson", isStatic: false, interpreter: interpreter, exportsMalloc: false, marks: [],
      interpreterMarks: mallocng
        ? [FoundMark(allocator: "musl", mark: "byte signature", isSignature: true)] : [])
  }

  private func statics(_ marks: [(AllocatorID, String)]) -> StaticEvidence {
    StaticEvidence(
      file: "/cache/larson", isStatic: true, interpreter: nil, exportsMalloc: false,
      marks: marks.map {
        FoundMark(allocator: $0.0, mark: $0.1, isSignature: $0.1 == "byte signature")
      }, interpreterMarks: [])
  }

  private func seen(
    malloc: String = "", free: String? = nil, mapped: [String]? = nil, preload: [String] = []
  ) -> ProcessEvidence {
    ProcessEvidence(mallocFile: malloc, freeFile: free ?? malloc, mappedFiles: mapped, preload: preload)
  }

  private func identity(_ variant: String, _ file: StaticEvidence, _ process: ProcessEvidence) throws
    -> Identity
  {
    judge.judge(variant: try Variant(parsing: variant), file: file, process: process)
  }

  // MARK: - with telemetry

  @Test func `dladdr proves linked and preloaded allocators`() throws {
    for (variant, file) in [
      ("glibc/dynamic", "/lib/x86_64-linux-gnu/libc.so.6"),
      ("glibc/dynamic/tcmalloc", "/lib/x86_64-linux-gnu/libtcmalloc.so.4"),
      ("glibc/preload/tcmalloc-minimal", library + "libtcmalloc_minimal.so.4.5.10"),
      ("glibc/preload/mimalloc", library + "libmimalloc.so.2.0"),
      ("glibc/preload/mimalloc3", "/tools/python/cmeel.prefix/lib/libmimalloc.so.3"),
    ] {
      let found = try identity(variant, dynamic(), seen(malloc: file))
      #expect(found.verified, "\(variant): \(found)")
      #expect(found.evidence == ["malloc is in \(file)", "free is in \(file)"])
    }
  }

  @Test func `a preload that failed is glibc under a wrong name`() throws {
    let wanted = library + "libjemalloc.so.2"
    let found = try identity(
      "glibc/preload/jemalloc", dynamic(),
      seen(malloc: "/lib/x86_64-linux-gnu/libc.so.6", mapped: ["/cache/larson"], preload: [wanted]))
    #expect(!found.verified)
    #expect(found.allocator == "glibc")
    #expect(found.evidence.last == "\(wanted) was to be preloaded and is not mapped")
  }

  @Test func `malloc and free of different allocators prove nothing`() throws {
    let found = try identity(
      "glibc/preload/jemalloc", dynamic(),
      seen(malloc: library + "libjemalloc.so.2", free: library + "libc.so.6"))
    #expect(!found.verified && found.allocator == nil)
  }

  @Test func `the full build of TCMalloc is not taken for the minimal one`() throws {
    let found = try identity(
      "glibc/dynamic/tcmalloc-minimal", dynamic(), seen(malloc: library + "libtcmalloc.so.4"))
    #expect(!found.verified && found.allocator == "tcmalloc")
  }

  @Test func `musl must be seen to be mallocng`() throws {
    let linker = "/lib/ld-musl-x86_64.so.1"
    let process = seen(malloc: linker)
    let with = try identity("musl/dynamic", dynamic(interpreter: linker, mallocng: true), process)
    #expect(with.verified && with.evidence.contains("\(linker) holds mallocng's table of size classes"))
    let without = try identity("musl/dynamic", dynamic(interpreter: linker), process)
    #expect(!without.verified && without.evidence.last?.contains("lacks mallocng's table") == true)
  }

  // MARK: - without telemetry

  @Test func `what is mapped proves nothing`() throws {
    let wanted = library + "libjemalloc.so.2.0"
    for mapped in [[wanted, library + "libc.so.6"], nil] {
      let found = try identity("glibc/preload/jemalloc", dynamic(), seen(mapped: mapped, preload: [wanted]))
      #expect(!found.verified && found.allocator == nil)
      #expect(found.evidence.first == "the program ended before it could say where its malloc is")
    }
  }

  @Test func `a library of the user's own is known by its path`() throws {
    let path = "/home/me/libjemalloc.so.2"
    let mine = AllocatorSpec(
      id: "libjemalloc", title: path, explanation: "", builds: [:],
      marks: AllocatorMarks(files: [path], symbols: [], signature: []), environment: [])
    let judge = IdentityJudge(allocators: judge.allocators + [mine])
    #expect(judge.owner(ofFile: path, expecting: "libjemalloc") == "libjemalloc")
    #expect(judge.owner(ofFile: library + "libjemalloc.so.2", expecting: "libjemalloc") == "jemalloc")
  }

  // MARK: - static programs

  @Test func `a static allocator is proven by its marks alone, beside parts of the libc's`() throws {
    let alone = statics([("jemalloc", "symbol mallctl"), ("jemalloc", "byte signature")])
    let found = try identity("glibc/static/jemalloc", alone, seen())
    #expect(found.verified && found.allocator == "jemalloc")
    #expect(found.evidence == ["the program holds jemalloc's symbol mallctl, byte signature"])
    let beside = statics([("jemalloc", "byte signature"), ("glibc", "symbol _int_malloc")])
    #expect(try identity("glibc/static/jemalloc", beside, seen()).verified)
    #expect(try !identity("glibc/static/tcmalloc", beside, seen()).verified)
  }

  @Test func `two allocators in one static program prove neither`() throws {
    let both = statics([("jemalloc", "byte signature"), ("mimalloc", "byte signature")])
    for variant in ["glibc/static/jemalloc", "glibc/static"] {
      let found = try identity(variant, both, seen())
      #expect(!found.verified && found.allocator == nil)
    }
  }

  @Test func `the full TCMalloc holds the minimal one's marks as well`() throws {
    let full = statics([("tcmalloc", "byte signature"), ("tcmalloc-minimal", "symbol tc_version")])
    #expect(try identity("glibc/static/tcmalloc", full, seen()).verified)
    #expect(try !identity("glibc/static/tcmalloc-minimal", full, seen()).verified)
    let minimal = statics([("tcmalloc-minimal", "symbol tc_version")])
    #expect(try identity("glibc/static/tcmalloc-minimal", minimal, seen()).verified)
    #expect(try !identity("glibc/static/tcmalloc", minimal, seen()).verified)
  }

  @Test func `static musl without mallocng's table is somebody else's malloc`() throws {
    let mallocng = statics([("musl", "byte signature")])
    #expect(try identity("musl/static", mallocng, seen()).verified)
    #expect(try !identity("musl/static", statics([]), seen()).verified)
    #expect(try !identity("musl/static", statics([("musl", "symbol __malloc_alloc_meta")]), seen()).verified)
    #expect(try !identity("musl/static", statics([("glibc", "byte signature")]), seen()).verified)
  }

  @Test func `a preload into a static program is refused with the reason`() throws {
    let found = try identity(
      "glibc/preload/jemalloc", statics([("glibc", "symbol _int_malloc")]), seen(preload: ["/lib/x.so"]))
    #expect(!found.verified && found.allocator == "glibc")
    #expect(found.evidence.first == "the program is static: nothing can be preloaded into it")
  }

  // MARK: - Go

  @Test func `a Go program without cgo is proven by Go's marks and by having no malloc`() throws {
    let alone = statics([("go", "symbol runtime.mallocgc"), ("go", "byte signature")])
    let found = try identity("none/static", alone, seen())
    #expect(found.verified && found.allocator == "go")
    #expect(found.evidence.contains("it defines no malloc"))
    var other = alone
    other.exportsMalloc = true
    #expect(try !identity("none/static", other, seen()).verified)
    other = alone
    other.isStatic = false
    #expect(try !identity("none/static", other, seen()).verified)
    let beside = statics([("go", "byte signature"), ("jemalloc", "symbol mallctl")])
    #expect(try !identity("none/static", beside, seen()).verified)
    let none = try identity("none/static", statics([]), seen())
    #expect(!none.verified && none.allocator == nil)
  }

  @Test func `Go's heap does not hide the allocator that serves malloc beside it`() throws {
    let file = statics([("go", "byte signature"), ("jemalloc", "symbol mallctl")])
    let found = try identity("glibc/static/jemalloc/cgo", file, seen())
    #expect(found.verified && found.allocator == "jemalloc")
    #expect(found.evidence == ["the program holds jemalloc's symbol mallctl"])
  }

  @Test func `a Go program without malloc proves no allocator of malloc`() throws {
    let found = try identity("glibc/static", statics([("go", "byte signature")]), seen())
    #expect(!found.verified && found.allocator == nil)
    #expect(found.evidence == ["the program holds no malloc that is known, only go's byte signature"])
  }
}
