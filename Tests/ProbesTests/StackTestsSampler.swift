import CLinux
import Foundation
import Glibc
import Probes

/// A sampling session of its own for the tests of stacks: one software event with registers and stack on every CPU.
///
/// The program is started stopped, so that its exec and all its mappings are seen.
struct StackSampler {
  /// What is sampled.
  enum Event: UInt64 {
    case cpuClock = 0  // PERF_COUNT_SW_CPU_CLOCK
    case pageFaults = 2  // PERF_COUNT_SW_PAGE_FAULTS
  }

  var event = Event.pageFaults
  var period: UInt64 = 1
  var stackBytes: UInt32 = 8192
  var hasCallchain = false
  var environment: [String: String] = [:]

  struct Failure: Error { var what: String }

  /// Runs a program to its end; its records in the order of time.
  func records(of command: [String]) throws -> [EventRecord] {
    let pid = try start(command)
    let rings = try (0..<Int32(sysconf(Int32(_SC_NPROCESSORS_ONLN)))).map { cpu in
      try Ring(descriptor: open(pid: pid, cpu: cpu))
    }
    defer { rings.forEach { $0.close() } }
    kill(pid, SIGCONT)
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) == 0 {
      rings.forEach { $0.drain() }
      usleep(500)
    }
    rings.forEach { $0.drain() }
    guard status == 0 else { throw Failure(what: "\(command) ended with status \(status)") }
    let records = rings.flatMap(\.records).map { RawRecord(bytes: $0) }
    return records.sorted { $0.time < $1.time }.compactMap { $0.decoded(hasCallchain: hasCallchain) }
  }

  private func start(_ command: [String]) throws -> Int32 {
    let words = ["/bin/sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"] + command
    var arguments = words.map { strdup($0) } + [nil]
    var values =
      environment.merging(["PATH": "/usr/bin:/bin"]) { first, _ in first }
      .map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + values).forEach { free($0) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, &values) == 0 else {
      throw Failure(what: "posix_spawn")
    }
    var status: Int32 = 0
    guard waitpid(pid, &status, WUNTRACED) == pid else { throw Failure(what: "waitpid") }
    return pid
  }

  private func open(pid: Int32, cpu: Int32) throws -> Int32 {
    var attribute = perf_event_attr()
    attribute.type = 1  // PERF_TYPE_SOFTWARE
    attribute.size = UInt32(MemoryLayout<perf_event_attr>.size)
    attribute.config = event.rawValue
    attribute.sample_period = period
    // IP, TID, TIME, ADDR, PERIOD, [CALLCHAIN], REGS_USER, STACK_USER
    attribute.sample_type = 0x1 | 0x2 | 0x4 | 0x8 | 0x100 | (hasCallchain ? 0x20 : 0) | 0x1000 | 0x2000
    attribute.sample_regs_user = RawRecord.registers
    attribute.sample_stack_user = stackBytes
    attribute.inherit = 1
    attribute.exclude_kernel = 1
    attribute.exclude_callchain_kernel = 1
    attribute.mmap = 1
    attribute.mmap2 = 1
    attribute.comm = 1
    attribute.comm_exec = 1
    attribute.task = 1
    attribute.sample_id_all = 1
    attribute.use_clockid = 1
    attribute.clockid = CLOCK_MONOTONIC
    let descriptor = hs_perf_open(&attribute, pid, cpu, -1)
    guard descriptor >= 0 else { throw Failure(what: "perf_event_open: errno \(-descriptor)") }
    return descriptor
  }
}

/// One CPU's ring.
private final class Ring {
  private let descriptor: Int32
  private let memory: UnsafeMutableRawPointer
  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
  private static let dataBytes = 4096 * pageBytes
  private(set) var records: [[UInt8]] = []

  init(descriptor: Int32) throws {
    self.descriptor = descriptor
    let length = Ring.dataBytes + Ring.pageBytes
    guard let place = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      place != MAP_FAILED
    else { throw StackSampler.Failure(what: "mmap: errno \(errno)") }
    memory = place
  }

  func drain() {
    let page = memory.assumingMemoryBound(to: perf_event_mmap_page.self)
    let head = hs_perf_ring_head(page)
    var tail = hs_perf_ring_tail(page)
    while tail < head {
      let length = Int(UInt16(byte(tail + 6)) | UInt16(byte(tail + 7)) << 8)
      records.append((0..<length).map { byte(tail + UInt64($0)) })
      tail += UInt64(length)
    }
    hs_perf_ring_consume(page, tail)
  }

  func close() {
    munmap(memory, Ring.dataBytes + Ring.pageBytes)
    Glibc.close(descriptor)
  }

  private func byte(_ position: UInt64) -> UInt8 {
    memory.load(
      fromByteOffset: Ring.pageBytes + Int(position % UInt64(Ring.dataBytes)), as: UInt8.self)
  }
}

/// A record as the kernel wrote it (perf_event_open(2)).
private struct RawRecord {
  var bytes: [UInt8]
  /// All general registers of x86-64: not DS, ES, FS, GS.
  static let registers: UInt64 = 0xFF_0FFF

  private func word(_ place: Int) -> UInt64 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
  }

  private func half(_ place: Int) -> UInt32 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
  }

  private var type: UInt32 { half(0) }

  /// Samples: ip, pid and tid, time. Others end with: pid and tid, time.
  var time: UInt64 { word(type == 9 ? 24 : bytes.count - 8) }

  func decoded(hasCallchain: Bool) -> EventRecord? {
    let pid = Int32(bitPattern: half(8))
    switch type {
    case 2: return .lost(word(16))
    case 3: return half(4) & (1 << 13) != 0 ? .exec(pid: pid, time: time) : nil  // COMM, COMM_EXEC
    case 7: return .forked(pid: pid, parent: Int32(bitPattern: half(12)), time: time)
    case 9: return .sample(sample(hasCallchain))
    case 10:
      let path = bytes[72...].prefix { $0 != 0 }
      return .mapped(
        MappedRegion(
          pid: pid, start: word(16), length: word(24), fileOffset: word(32),
          path: String(decoding: path, as: UTF8.self), isExecutable: half(64) & 4 != 0, time: time))
    default: return nil
    }
  }

  private func sample(_ hasCallchain: Bool) -> EventSample {
    var result = EventSample(
      event: 0, pid: Int32(bitPattern: half(16)), tid: Int32(bitPattern: half(20)), time: word(24), cpu: 0,
      instruction: word(8), address: word(32), period: word(40))
    var place = 48
    if hasCallchain {
      let count = Int(word(place))
      result.callchain = (0..<count).map { word(place + 8 + $0 * 8) }.filter { $0 < 0xFFFF_FFFF_FFFF_F000 }
      place += 8 + count * 8
    }
    guard word(place) != 0 else { return result }
    let count = RawRecord.registers.nonzeroBitCount
    result.registers = UserRegisters(
      values: (0..<count).map { word(place + 8 + $0 * 8) }, mask: RawRecord.registers)
    place += 8 + count * 8
    let room = Int(word(place))
    if room > 0 {
      let filled = Int(word(place + 8 + room))
      result.stack = Array(bytes[(place + 8)..<(place + 8 + filled)])
    }
    return result
  }
}
