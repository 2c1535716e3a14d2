import Model
import Testing

@testable import Targets

/// What serves malloc in an image, from evidence as it was read from processes on Debian 12.
@Suite struct JudgeImageTests {
  private let judge: IdentityJudge
  private let library = "/usr/lib/x86_64-linux-gnu/"

  init() throws {
    judge = IdentityJudge(allocators: try Catalogue.load(from: Workspace.dataFolder()).allocators)
  }

  private func finding(
    _ allocation: ImageEvidence.Allocation, program: String = "/opt/app", marks: [(AllocatorID, String)] = [],
    isStatic: Bool = false, exportsMalloc: Bool = false, expecting: AllocatorID? = nil
  ) -> ImageFinding {
    judge.judge(ImageEvidence(path: program, allocation: allocation), expecting: expecting) { path in
      StaticEvidence(
        file: path, isStatic: isStatic, interpreter: nil, exportsMalloc: exportsMalloc,
        marks: marks.map { FoundMark(allocator: $0.0, mark: $0.1, isSignature: $0.1 == "byte signature") },
        interpreterMarks: [])
    }
  }

  private func resolved(_ file: String) -> ImageEvidence.Allocation { .resolved(malloc: file, free: file) }

  @Test func `a known library is an allocator, wherever malloc comes from it`() {
    for (file, allocator) in [
      ("libc.so.6", "glibc"), ("libjemalloc.so.2", "jemalloc"),
      ("libtcmalloc_minimal.so.4.5.10", "tcmalloc-minimal"),
      ("libtcmalloc.so.4.5.10", "tcmalloc"), ("libmimalloc.so.2.0", "mimalloc"),
      ("libjemalloc.so.2 (deleted)", "jemalloc"),
    ] {
      let found = finding(resolved(library + file))
      #expect(found.allocator?.rawValue == allocator && found.unknown == nil, "\(file)")
    }
    #expect(
      finding(resolved(library + "libjemalloc.so.2")).evidence
        == ["malloc is in \(library)libjemalloc.so.2", "free is in \(library)libjemalloc.so.2"])
  }

  @Test func `a program's own malloc is named by its marks, else it is its own`() {
    let app = "/opt/app"
    #expect(finding(resolved(app), marks: [("jemalloc", "byte signature")]).allocator == "jemalloc")
    let own = finding(resolved(app))
    #expect(own.allocator == ImageFinding.ownMalloc)
    #expect(own.evidence == ["the program defines malloc itself"])
    #expect(own.file == app)
  }

  @Test func `an unknown library goes by its file's name, or by what it holds`() {
    #expect(finding(resolved("/opt/lib/libhoard.so.3")).allocator == "libhoard")
    #expect(
      finding(resolved("/opt/lib/liballoc.so"), marks: [("mimalloc", "byte signature")]).allocator
        == "mimalloc")
  }

  @Test func `malloc and free of different files name none`() {
    let found = finding(.resolved(malloc: library + "libjemalloc.so.2", free: library + "libc.so.6"))
    #expect(found.allocator == nil && found.unknown == nil)
    #expect(found.evidence.last == "malloc and free are of different allocators")
  }

  @Test func `static programs are named by their marks`() {
    func fixed(_ marks: [(AllocatorID, String)], exportsMalloc: Bool = true) -> AllocatorID? {
      finding(.withoutLinker, marks: marks, isStatic: true, exportsMalloc: exportsMalloc).allocator
    }
    #expect(fixed([("musl", "byte signature")]) == "musl")
    #expect(fixed([("musl", "symbol __malloc_alloc_meta")]) == nil)
    #expect(fixed([("musl", "symbol __simple_malloc")]) == "musl")
    #expect(fixed([("glibc", "symbol _int_malloc")]) == "glibc")
    #expect(
      fixed([("glibc", "symbol _int_malloc"), ("tcmalloc-minimal", "symbol tc_version")])
        == "tcmalloc-minimal")
    #expect(fixed([("go", "byte signature")], exportsMalloc: false) == "go")
    #expect(fixed([]) == ImageFinding.ownMalloc)
    #expect(fixed([], exportsMalloc: false) == nil)
    #expect(fixed([("jemalloc", "byte signature"), ("mimalloc", "byte signature")]) == nil)
  }

  @Test func `what nobody saw stays unknown with its reason`() {
    let found = finding(.unknown("it was gone"))
    #expect(found.allocator == nil && found.unknown == "it was gone")
    let gone = judge.judge(ImageEvidence(path: "/gone", allocation: .withoutLinker)) { _ in nil }
    #expect(gone.allocator == nil && gone.evidence.last == "its file could not be read")
  }

  @Test func `the C library by its path is no allocator of its own`() {
    for path in ["/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6"]
    where Files.exists(path) {
      #expect(judge.isLibc(library: path))
    }
    #expect(!judge.isLibc(library: "/nowhere/libc.so.6"))
    #expect(!judge.isLibc(library: "/bin/sh"))
  }

  @Test func `the dynamic linker's list is read in its order`() {
    let text = """
      \tlinux-vdso.so.1 (0x00007ffd6f3f2000)
      \tlibjemalloc.so.2 => /lib/x86_64-linux-gnu/libjemalloc.so.2 (0x00007f1f5a800000)
      \tlibgone.so => not found
      \tlibc.so.6 => /a folder/libc.so.6 (0x00007f1f5a400000)
      \t/lib64/ld-linux-x86-64.so.2 (0x00007f1f5abf8000)
      """
    #expect(
      LoadedLibraries.paths(text) == [
        "/lib/x86_64-linux-gnu/libjemalloc.so.2", "/a folder/libc.so.6", "/lib64/ld-linux-x86-64.so.2",
      ])
  }

  @Test func `launchers lead to the program that they start`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("#!/bin/sh\n", to: folder + "/app", executable: true)
      for name in ["env", "nice", "gosu", "tini"] {
        try Files.write("#!/bin/sh\n", to: folder + "/\(name)", executable: true)
      }
      let app = folder + "/app"
      func child(_ words: [String]) -> [String]? { Launchers.child(of: words, in: [folder]).map(Array.init) }
      #expect(child(["env", "-u", "LD_PRELOAD", "A=b", app, "x"]) == [app, "x"])
      #expect(child(["/usr/bin/nice", "-n", "5", "app"]) == ["app"])
      #expect(child(["gosu", "somebody", "env", "app"]) == ["env", "app"])
      #expect(child(["env", "A=b"]) == nil)
      #expect(child([app, "env"]) == nil)
      let found = try CommandProgram.inspect(
        arguments: ["tini", "--", "gosu", "me", app], searchPath: folder)
      #expect(found.path == app && found.startsOthers)
      #expect(found.preloadObstacle == nil)
    }
  }
}
