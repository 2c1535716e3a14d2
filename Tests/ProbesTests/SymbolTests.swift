import Foundation
import Testing

@testable import Probes

/// Names of functions.
@Suite struct SymbolTests {
  @Test(arguments: [
    ("_ZN4shop5ShelfIdE4fillEPdl", "shop::Shelf<double>::fill(double*, long)"),
    ("_Znwm", "operator new(unsigned long)"),
    ("_ZN3foo3barEv.cold", "foo::bar() [clone .cold]"),
    ("$s4main3fooyyF", "main.foo() -> ()"),
    ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
    ("malloc@@GLIBC_2.2.5", "malloc"),
    ("__GI___libc_malloc", "__libc_malloc"),
    ("_Zebra", "_Zebra"),
    ("main.(*Shelf).fill", "main.(*Shelf).fill"),
  ])
  func `names are shown as people write them`(_ symbol: String, _ readable: String) {
    #expect(Demangling.readable(symbol) == readable)
  }

  /// The function at a symbol's address in a file of this machine.
  private func name(of function: String, in path: String) throws -> String? {
    let file = try #require(CodeFile(path: path))
    let pointer = try #require(dlsym(UnsafeMutableRawPointer(bitPattern: 0), function))
    let address = UInt64(UInt(bitPattern: pointer))
    let maps = ProcessMaps.read(pid: getpid())
    let region = try #require(
      maps.first { $0.isExecutable && address >= $0.start && address - $0.start < $0.length })
    let start = try #require(file.image.address(ofFileOffset: region.fileOffset))
    return file.symbols.places(at: address - region.start + start).last?.name
  }

  @Test func `of several names of a function the plainest is shown`() throws {
    let maps = ProcessMaps.read(pid: getpid())
    let libc = try #require(maps.first { $0.path.contains("libc.so") }).path
    #expect(try name(of: "malloc", in: libc) == "malloc")
    #expect(try name(of: "calloc", in: libc) == "calloc")
  }

  @Test func `debug files are not looked for in the network`() async {
    await #expect(processExitsWith: .success) {
      setenv("DEBUGINFOD_URLS", "http://127.0.0.1:9", 1)
      let file = CodeFile(path: "/bin/true")
      exit(file?.symbols != nil && getenv("DEBUGINFOD_URLS") == nil ? 0 : 1)
    }
  }

  @Test func `a library that is cut short while it is looked at loses names, and nothing else`() async throws
  {
    let program = try TargetPrograms.shared.program(
      "cut-while-read",
      (0..<400).map { "int called_\($0)(int a) { return a * \($0); }" }.joined(separator: "\n")
        + "\nint main(void) { return 0; }\n", by: TargetPrograms.plain + ["-g"])
    setenv("HEAPSCALE_TEST_CUT", program, 1)
    await #expect(processExitsWith: .success) {
      let program = try #require(getenv("HEAPSCALE_TEST_CUT").map { String(cString: $0) })
      let copy = NSTemporaryDirectory() + "heapscale-cut-\(getpid())"
      let whole = try Data(contentsOf: URL(filePath: program))
      defer { try? FileManager.default.removeItem(atPath: copy) }
      for isRead in [false, true] {
        for length in [0, 64, 4096, whole.count / 2, whole.count - 4096] {
          try? FileManager.default.removeItem(atPath: copy)
          try whole.write(to: URL(filePath: copy))
          let file = try #require(CodeFile(path: copy))
          let text = try #require(file.image.sections.first { $0.name == ".text" })
          let addresses = stride(from: text.address, to: text.address + text.length, by: 16)
          if isRead { _ = addresses.map { file.symbols.places(at: $0) } }
          guard truncate(copy, length) == 0 else { exit(2) }
          _ = addresses.map { file.symbols.places(at: $0) }
          for offset in stride(from: 0, to: UInt64(whole.count), by: 512) {
            _ = file.image.bytes.load(UInt64.self, at: offset)
          }
          guard file.isCut, file.image.bytes.load(UInt8.self, at: UInt64(whole.count - 1)) == 0 else {
            exit(3)
          }
        }
      }
      exit(0)
    }
    // Elsewhere a page that its file has lost ends a process as it always did.
    await #expect(processExitsWith: .signal(SIGBUS)) {
      _ = CodeFile(path: "/bin/true")
      let path = NSTemporaryDirectory() + "heapscale-cut-\(getpid())"
      let file = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
      unlink(path)
      guard ftruncate(file, 8192) == 0, let place = mmap(nil, 8192, PROT_READ, MAP_SHARED, file, 0),
        ftruncate(file, 0) == 0
      else { exit(1) }
      exit(Int32(place.load(as: UInt8.self)))
    }
  }

  @Test func `the kernel's own page of code has names`() throws {
    let vdso = try #require(CodeFile.vdso())
    #expect(vdso.frameTable != nil)
    #expect(vdso.name == "[vdso]")
  }

  @Test func `what is no ELF file, or one cut short, is refused`() throws {
    #expect(CodeFile(path: "/etc/passwd") == nil)
    #expect(CodeFile(path: "/etc") == nil)
    let whole = try [UInt8](Data(contentsOf: URL(filePath: "/bin/true")))
    for length in stride(from: 0, to: whole.count, by: 977) {
      guard let image = ELFImage(bytes: MappedBytes(copying: Array(whole.prefix(length)))) else { continue }
      // What the headers promise beyond the end must be refused when it is read.
      _ = FrameTable(image)
      _ = GoTable(image)
      #expect(image.bytes.load(UInt64.self, at: UInt64(length)) == nil)
    }
  }

  @Test func `flipped bytes in the tables do no harm`() throws {
    let whole = try [UInt8](Data(contentsOf: URL(filePath: "/bin/true")))
    var state: UInt64 = 7
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<20 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % 1200] = UInt8(truncatingIfNeeded: state >> 20)
      }
      guard let image = ELFImage(bytes: MappedBytes(copying: bytes)) else { continue }
      _ = FrameTable(image)
      _ = image.address(ofFileOffset: 4096)
      #expect(image.segments.count < 65_536)
    }
  }
}
