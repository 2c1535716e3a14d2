import Model
import Testing

@testable import Targets

@Suite struct CatalogueTests {
  @Test func `every shipped file loads, and each allocator is described completely`() throws {
    let catalogue = try Catalogue.load(from: Workspace.dataFolder())
    let expected: Set<AllocatorID> = [
      "glibc", "musl", "tcmalloc", "tcmalloc-minimal", "jemalloc", "mimalloc", "mimalloc3", "scudo",
      "tbbmalloc", "go",
    ]
    #expect(expected.isSubset(of: Set(catalogue.allocators.map(\.id))))
    for allocator in catalogue.allocators {
      // The Go runtime has no library: its heap is in the program.
      #expect(
        allocator.marks.files.isEmpty == (allocator.id == "go"), "\(allocator.id): no file to recognise it by"
      )
      #expect(!allocator.marks.signature.isEmpty, "\(allocator.id): no signature to recognise it by")
      #expect(!allocator.title.isEmpty && !allocator.explanation.isEmpty, "\(allocator.id)")
    }
  }

  @Test func `every shipped workload can idle after its last free`() throws {
    for workload in try Catalogue.load(from: Workspace.dataFolder()).workloads {
      let idle = workload.parameters.first { $0.name == "idle" }
      #expect(idle?.type == .duration, "\(workload.id) has no idle parameter")
    }
  }

  @Test func `a workload that has its name from elsewhere says how it differs`() throws {
    let workloads = try Catalogue.load(from: Workspace.dataFolder()).workloads
    for workload in workloads {
      let isOurs = workload.reference.contains("for heapscale")
      #expect((workload.namesake == nil) == isOurs, "\(workload.id): \(workload.reference)")
    }
    #expect(workloads.contains { $0.namesake != nil })
  }

  @Test func `variants are every libc and linkage of every allocator`() throws {
    let variants = try Catalogue.load(from: Workspace.dataFolder()).variants.map(\.description)
    for expected in [
      "glibc/dynamic/glibc", "musl/static/tcmalloc-minimal", "glibc/preload/scudo", "none/static/go/nocgo",
      "glibc/dynamic/glibc/cgo", "glibc/static/tcmalloc/cgo", "glibc/preload/jemalloc/cgo",
      "musl/static/jemalloc/cgo",
    ] {
      #expect(variants.contains(expected))
    }
    // Go hands the linking to a plain C compiler, and dynamic musl is not built.
    for unexpected in ["musl/static/tcmalloc-minimal/cgo", "musl/dynamic/musl/cgo"] {
      #expect(!variants.contains(unexpected))
    }
    #expect(Set(variants).count == variants.count)
  }

  @Test func `Go workloads are known by their sources, and the one that calls C says so`() throws {
    let catalogue = try Catalogue.load(from: Workspace.dataFolder())
    let inGo = catalogue.workloads.filter(\.isGo)
    #expect(inGo.map(\.id) == ["go-burst", "go-cgo", "go-heap", "go-small", "go-touch"])
    #expect(inGo.filter(\.needsCgo).map(\.id) == ["go-cgo"])
  }

  @Test func `the size classes of mallocng are 16-bit words in memory order`() throws {
    let musl = try Catalogue.load(from: Workspace.dataFolder()).allocator("musl")
    #expect(musl.marks.signature.count == 96)
    let numbers: [UInt16] = [1, 2]
    #expect(Array(musl.marks.signature.prefix(4)) == numbers.withUnsafeBytes { Array($0) })
  }

  @Test func `a name that is slightly wrong is answered with the right one`() throws {
    let catalogue = try Catalogue.load(from: Workspace.dataFolder())
    #expect(throws: InputError("unknown allocator 'jemaloc'", hint: "did you mean 'jemalloc'?")) {
      try catalogue.allocator("jemaloc")
    }
    let error = #expect(throws: InputError.self) {
      try catalogue.check(Variant(parsing: "musl/dynamic/tcmalloc"))
    }
    #expect(error?.hint?.contains("glibc/preload/tcmalloc") == true)
  }

  @Test(arguments: [
    ("titel: x\n", "2:1", "did you mean 'title'?"),
    (
      "title: x\nexplanation: y\nbuilds: {glibc/dynmic: {libraries: [a]}}\n", "4:10",
      "did you mean 'dynamic'?"
    ),
    ("title: x\nexplanation: y\nbuilds: {glibc/dynamic: {libs: [a]}}\n", "4:26", "unknown key 'libs'"),
    (
      "title: x\nexplanation: y\nbuilds: {glibc/dynamic: {link: [-la]}}\n", "4:25",
      "either 'libraries' or a 'recipe'"
    ),
    (
      "title: x\nexplanation: y\nbuilds: {musl/static: {recipe: {source: s, toolchain: zig, product: p}}}\n",
      "4:55", "unknown toolchain 'zig'"
    ),
    (
      "title: x\nexplanation: y\nbuilds: {glibc/dynamic: {libraries: [a]}}\nmarks: {signature: [70000]}\n",
      "5:21", "from 0 to 65535"
    ),
    ("title: [\n", "3:1", "not valid YAML"),
  ])
  func `a wrong allocator file is refused with its place`(text: String, place: String, words: String)
    async throws
  {
    try await Workspace.temporary { folder in
      let file = folder + "/mine.yaml"
      // The first line is a comment, so that a place of 1:1 is never right by accident.
      try Files.write("# mine\n" + text, to: file)
      let error = #expect(throws: InputError.self) { try AllocatorFile.read(file) }
      let message = error?.description ?? ""
      #expect(message.hasPrefix("\(file):\(place): "), "\(message)")
      #expect(message.contains(words), "\(message)")
    }
  }

  @Test(arguments: [
    ("sources: []", "names no file"),
    ("sources: [other.c]", "'other.c' does not exist"),
    ("sources: [w.rs]", "neither C"),
    ("sources: [w.c, w.go]", "in Go or in C and C++, not in both"),
    ("sources: [w.c]\ncgo: required", "'cgo' is for workloads in Go"),
    ("sources: [w.go]\ncgo: require", "did you mean 'required'?"),
    ("sources: [w.c]\nparameters: {n: {type: itn}}", "did you mean 'int'?"),
    (
      "sources: [w.c]\nparameters: {n: {type: int, minimum: 1, maximum: 4, default: 9, explanation: e}}",
      "'default' is not between minimum and maximum"
    ),
    (
      "sources: [w.c]\nparameters: {n: {type: bytes, minimum: 1K, maximum: soon, default: 9, explanation: e}}",
      "'soon' is not of the type bytes"
    ),
  ])
  func `a wrong workload file is refused`(rest: String, words: String) async throws {
    try await Workspace.temporary { folder in
      try Files.write("int main(void) { return 0; }\n", to: folder + "/w/w.c", makingParents: true)
      try Files.write("package main\n", to: folder + "/w/w.go")
      try Files.write(
        "title: t\npattern: p\nexposes: e\nreference: r\nanalysis: a\n\(rest)\n",
        to: folder + "/w/workload.yaml")
      let error = #expect(throws: InputError.self) { try WorkloadFile.read(folder: folder + "/w") }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      #expect(error?.location?.file == folder + "/w/workload.yaml")
    }
  }

  @Test func `an allocator is added by one file`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("", to: folder + "/Workloads/support/workload.h", makingParents: true)
      try Files.write(
        """
        title: Mine
        explanation: Of my own.
        builds: {glibc/preload: {libraries: [libmine.so], package: mine}}
        marks: {files: [libmine.so], symbols: [mine_malloc], signature: "mine: "}
        """, to: folder + "/Workloads/allocators/mine.yaml", makingParents: true)
      let data = try Workspace.dataFolder(["HEAPSCALE_DATA": folder, "HEAPSCALE_CACHE": folder + "/cache"])
      let catalogue = try Catalogue.load(from: data)
      let variant = try Variant(parsing: "glibc/preload/mine")
      #expect(catalogue.variants == [variant, variant.forGo])
      let builder = Builder(folder: data, catalogue: catalogue, environment: [:])
      let availability = await builder.availability(of: variant)
      guard case .missing(let reason) = availability else {
        Issue.record("\(availability)")
        return
      }
      #expect(reason.contains("libmine.so") && reason.contains("apt-get install mine"))
    }
  }

  @Test func `bootstrap installs what the allocators' files name`() async throws {
    let folder = try Workspace.dataFolder()
    let output = try await ToolRunner.run([Workspace.checkout + "/Scripts/bootstrap", "--list"])
    let listed = Set(output.text.split(whereSeparator: \.isWhitespace).map(String.init))
    var needed = ["ziglang==\(Zig.pinned)", "gcc", "g++"]
    for build in try Catalogue.load(from: folder).allocators.flatMap(\.builds.values) {
      needed += [build.package, build.pythonPackage].compactMap(\.self) + (build.recipe?.tools ?? [])
    }
    #expect(needed.filter { !listed.contains($0) } == [])
  }
}

@Test func `a heap profile's variables keep what the settings say already`() throws {
  let jemalloc = try #require(
    Catalogue.load(from: Workspace.dataFolder()).allocator("jemalloc").heapProfiling)
  let environment = jemalloc.adding(to: ["MALLOC_CONF": "narenas:1"], prefix: "/tmp/p")
  let value = try #require(environment["MALLOC_CONF"])
  #expect(value.hasPrefix("narenas:1,prof:true,"))
  #expect(value.hasSuffix("prof_prefix:/tmp/p"))
  #expect(jemalloc.adding(to: [:], prefix: "/tmp/p")["MALLOC_CONF"]?.hasPrefix("prof:true") == true)
  #expect(try !jemalloc.works(with: Variant(parsing: "musl/static/jemalloc")))
  #expect(try Catalogue.load(from: Workspace.dataFolder()).allocator("mimalloc").heapProfiling == nil)
}
