import Testing

@testable import Probes

/// A format file as Linux 6.18 writes it.
private func formatText(_ name: String, id: Int, _ fields: [String]) -> String {
  let common = """
    name: \(name)
    ID: \(id)
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    \tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;

    """
  let own = fields.enumerated().map { index, field in
    "\tfield:\(field);\toffset:\(16 + 8 * index);\tsize:8;\tsigned:0;\n"
  }
  return common + own.joined() + "\nprint fmt: \"addr: 0x%08lx\", ((unsigned long)(REC->addr))\n"
}

@Test func `a format file gives the fields' places`() throws {
  let format = try #require(
    TracepointFormat(text: formatText("sys_enter_munmap", id: 612, ["unsigned long addr", "size_t len"])))
  #expect(format.name == "sys_enter_munmap" && format.id == 612)
  #expect(format.fields.last == TracepointFormat.Field(name: "len", offset: 24, size: 8))
  var raw = RecordBytes()
  raw.add(UInt64(0), 11, 0x7000, 4096)
  let bytes = Array(raw.record(type: 0).dropFirst(8))
  #expect(format.value("addr", in: bytes) == 0x7000)
  #expect(format.value("len", in: bytes) == 4096)
  #expect(format.value("len", in: Array(bytes.dropLast())) == nil)
  #expect(format.value("absent", in: bytes) == nil)
  #expect(TracepointFormat(text: "name: x\nID: 1\n") == nil)
  #expect(TracepointFormat(text: "") == nil)
}

@Suite struct AddressSpaceReaderTests {
  private static let calls: [(String, [String])] = [
    ("mmap", ["unsigned long addr", "unsigned long len", "unsigned long prot", "unsigned long flags"]),
    ("munmap", ["unsigned long addr", "size_t len"]),
    ("madvise", ["unsigned long start", "size_t len_in", "int behavior"]),
    ("mremap", ["unsigned long addr", "unsigned long old_len", "unsigned long new_len"]),
    ("brk", ["unsigned long brk"]),
  ]

  private static let events: [SampledEvent] = calls.enumerated().flatMap { index, call in
    [("sys_enter_", call.1), ("sys_exit_", ["long ret"])].compactMap { prefix, fields in
      TracepointFormat(text: formatText(prefix + call.0, id: index, fields)).map {
        SampledEvent(name: $0.name, kind: .systemCall($0), period: 1, excludesKernel: false, precision: 0)
      }
    }
  }

  private var reader = AddressSpaceReader(events: events)
  private var clock: UInt64 = 0

  private mutating func sample(
    _ name: String, tid: Int32, _ values: [UInt64]
  ) -> [AddressSpaceChange] {
    clock += 1
    var raw = RecordBytes()
    raw.add(UInt64(0), 0)
    for value in values { raw.add(value) }
    let event = AddressSpaceReaderTests.events.firstIndex { $0.name == name } ?? -1
    return reader.changes(
      by: .sample(
        EventSample(
          event: event, pid: 7, tid: tid, time: clock, cpu: 0, instruction: 0, address: nil, period: 1,
          raw: Array(raw.record(type: 0).dropFirst(8)))))
  }

  private mutating func call(
    _ name: String, _ arguments: [UInt64], returning result: UInt64
  ) -> [AddressSpaceChange] {
    let entered = sample("sys_enter_\(name)", tid: 7, arguments)
    return entered + sample("sys_exit_\(name)", tid: 7, [result])
  }

  private func change(
    _ kind: AddressSpaceChange.Kind, _ address: UInt64, _ length: UInt64, tid: Int32 = 7
  ) -> [AddressSpaceChange] {
    [.init(kind: kind, pid: 7, tid: tid, time: clock, address: address, length: length)]
  }

  @Test mutating func `mmap's address is what it returned, rounded to pages`() {
    let changes = call("mmap", [0, 5000, 3, 0x22], returning: 0x7000_0000)
    #expect(changes == change(.mapped, 0x7000_0000, 8192))
  }

  @Test mutating func `calls that failed change nothing`() {
    #expect(call("mmap", [0, 4096, 3, 0x22], returning: UInt64(bitPattern: -12)) == [])
    #expect(call("munmap", [0x7000, 4096], returning: UInt64(bitPattern: -22)) == [])
  }

  @Test mutating func `entries and returns of two threads are kept apart`() {
    #expect(sample("sys_enter_munmap", tid: 1, [0x1000, 4096]) == [])
    #expect(sample("sys_enter_munmap", tid: 2, [0x9000, 8192]) == [])
    let first = sample("sys_exit_munmap", tid: 1, [0])
    #expect(first == change(.unmapped, 0x1000, 4096, tid: 1))
    let second = sample("sys_exit_munmap", tid: 2, [0])
    #expect(second == change(.unmapped, 0x9000, 8192, tid: 2))
  }

  @Test mutating func `a return whose entry was lost tells nothing`() {
    #expect(sample("sys_exit_munmap", tid: 1, [0]) == [])
    #expect(sample("sys_enter_mmap", tid: 1, [0, 4096, 3, 0x22]) == [])
    #expect(sample("sys_exit_munmap", tid: 1, [0]) == [])
  }

  @Test mutating func `advice that gives pages back at once or lazily is told, other advice is not`() {
    for (advice, kind) in [
      (4, .discarded), (9, .discarded), (24, .discarded), (8, .discardedLazily),
    ] as [(UInt64, AddressSpaceChange.Kind)] {
      let changes = call("madvise", [0x4000, 4096, advice], returning: 0)
      #expect(changes == change(kind, 0x4000, 4096))
    }
    #expect(call("madvise", [0x4000, 4096, 14], returning: 0) == [])
  }

  @Test mutating func `mremap shrinks in place, or moves`() {
    #expect(call("mremap", [0x10000, 0x4000, 0x8000], returning: 0x10000) == [])
    let shrunk = call("mremap", [0x10000, 0x4000, 0x1000], returning: 0x10000)
    #expect(shrunk == change(.unmapped, 0x11000, 0x3000))
    let moved = call("mremap", [0x10000, 0x4000, 0x8000], returning: 0x90000)
    #expect(moved == change(.moved(from: 0x10000), 0x90000, 0x4000))
  }

  @Test mutating func `the break grows and shrinks from where the first call found it`() {
    #expect(call("brk", [0], returning: 0x5000) == [])
    let grown = call("brk", [0x8000], returning: 0x8000)
    #expect(grown == change(.mapped, 0x5000, 0x3000))
    let shrunk = call("brk", [0x6000], returning: 0x6000)
    #expect(shrunk == change(.unmapped, 0x6000, 0x2000))
    #expect(reader.changes(by: .exec(pid: 7, time: 9)) == [])
    #expect(call("brk", [0], returning: 0x100_0000) == [])
  }
}
