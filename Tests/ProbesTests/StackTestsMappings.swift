import Foundation
import Testing

@testable import Probes

/// What is mapped where, as records come in.
@Suite struct StackTestsMappings {
  private func region(
    _ start: UInt64, _ length: UInt64, offset: UInt64 = 0, path: String = "/a", isCode: Bool = true
  ) -> MappedRegion {
    MappedRegion(
      pid: 1, start: start, length: length, fileOffset: offset, path: path, isExecutable: isCode)
  }

  @Test func `a mapping takes the place of what was there, and the rest stays with its offsets`() {
    var space = AddressSpace()
    space.map(region(0x1000, 0x9000, offset: 0x100))
    space.map(region(0x3000, 0x2000, path: "/b"))
    #expect(space.regions.map(\.path) == ["/a", "/b", "/a"])
    #expect(space.region(at: 0x2FFF)?.fileOffset == 0x100)
    #expect(space.region(at: 0x3000)?.path == "/b")
    #expect(space.region(at: 0x5000)?.fileOffset == 0x4100)
    #expect(space.region(at: 0xA000) == nil)
    #expect(space.region(at: 0xFFF) == nil)
  }

  @Test func `data over code takes the code away`() {
    var space = AddressSpace()
    space.map(region(0x1000, 0x1000))
    space.map(region(0, 0x10000, isCode: false))
    #expect(space.regions == [])
  }

  @Test func `the same mapping told twice changes nothing`() {
    var space = AddressSpace()
    space.map(region(0x1000, 0x1000))
    let generation = space.generation
    space.map(region(0x1000, 0x1000))
    #expect(space.generation == generation)
  }

  @Test func `lines of maps are read with spaces in paths and without a path`() {
    let text = """
      7f0000000000-7f0000002000 r-xp 00001000 08:01 42                         /opt/a file (deleted)
      7f0000002000-7f0000003000 rw-p 00000000 00:00 0 \n7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0     [vdso]
      """
    let regions = ProcessMaps.parse(Array(text.utf8), pid: 7)
    #expect(regions.map(\.path) == ["/opt/a file (deleted)", "//anon", "[vdso]"])
    #expect(regions[0].fileOffset == 0x1000)
    #expect(regions.map(\.isExecutable) == [true, false, true])
  }

  @Test func `a child has its parent's mappings, and exec clears them`() {
    let resolver = StackResolver()
    let here = ProcessMaps.parse(ProcText.bytes("/proc/self/maps") ?? [], pid: 1)
    let libc = here.first { $0.isExecutable && $0.path.contains("libc.so") }
    for region in here { _ = resolver.consume(.mapped(region)) }
    _ = resolver.consume(.forked(pid: 2, parent: 1, time: 1))
    _ = resolver.consume(.exec(pid: 1, time: 2))
    func object(_ pid: Int32) -> String? {
      let sample = EventSample(
        event: 0, pid: pid, tid: pid, time: 3, cpu: 0, instruction: (libc?.start ?? 0) + 0x100, address: nil,
        period: 1)
      return resolver.resolve(sample).frames.first?.object
    }
    #expect(libc != nil)
    #expect(object(2) == libc?.path)
    #expect(object(1) == "")
    #expect(resolver.statistics.ends == [.notSampled: 2])
  }

  @Test func `files that are gone or newer than their mapping are not believed`() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let files = CodeFiles()
    #expect(files.file(of: region(0, 1, path: "\(folder)/no such file")) == nil)
    let path = "\(folder)/heapscale-newer-\(getpid())"
    try FileManager.default.copyItem(atPath: "/bin/true", toPath: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var mapped = region(0, 1, path: path)
    mapped.time = 1
    #expect(files.file(of: mapped) == nil)
    #expect(files.file(of: region(0, 1, path: "/bin/true")) != nil)
    #expect(files.notes.count == 2)
    #expect(files.notes.last?.contains("was replaced") == true)
  }
}
