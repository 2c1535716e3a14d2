import Testing

@testable import Probes

/// Types and configs as perf_event_open(2) takes them: 0 hardware, 3 hardware cache, 4 raw.
@Suite struct EncodingTests {
  private static func codes(_ recorded: RecordedMachine, _ event: CountedEvent) throws -> [String] {
    try recorded.machine().encodings(of: event).map { "\($0.type):" + String($0.config, radix: 16) }
  }

  @Test(arguments: [
    (CountedEvent.cycles, "0:0"), (.instructions, "0:1"), (.branchMisses, "0:5"), (.loads, "4:81d0"),
    (.stores, "4:82d0"), (.l1dMisses, "3:10000"), (.llcMisses, "3:10002"), (.dtlbMisses, "3:10003"),
  ])
  func `Intel's events are the documented ones`(event: CountedEvent, code: String) throws {
    #expect(try EncodingTests.codes(.skylake, event) == [code])
    #expect(try EncodingTests.codes(.sapphireRapids, event) == [code])
  }

  @Test(arguments: [
    (CountedEvent.cycles, ["0:a00000000", "0:400000000"]), (.loads, ["10:81d0", "4:81d0"]),
    (.stores, ["10:82d0", "4:82d0"]), (.dtlbMisses, ["3:a00010003", "3:400010003"]),
  ])
  func `a hybrid machine counts on both kinds of core`(event: CountedEvent, codes: [String]) throws {
    #expect(try EncodingTests.codes(.alderLake, event) == codes)
  }

  @Test(arguments: [
    (CountedEvent.loads, "4:529"), (.stores, "4:629"), (.llcMisses, "4:4843"), (.l1dMisses, "3:10000"),
    (.cycles, "0:0"),
  ])
  func `AMD counts dispatched accesses and fills from memory`(event: CountedEvent, code: String) throws {
    #expect(try EncodingTests.codes(.zen4, event) == [code])
  }

  @Test func `AMD's cores before Zen are not asked for what they mean otherwise`() throws {
    var machine = try RecordedMachine.zen4.machine()
    machine.processor.family = 0x15
    #expect(throws: EventObstacle.self) { try machine.encodings(of: .loads) }
    #expect(try machine.encodings(of: .cycles).count == 1)
  }

  @Test func `an ARM core counts loads only where its sysfs lists them`() throws {
    #expect(try EncodingTests.codes(.cortexA53, .loads) == ["8:6"])
    #expect(try EncodingTests.codes(.cortexA53, .stores) == ["8:7"])
    let refusal = #expect(throws: EventObstacle.self) {
      try RecordedMachine.neoverseWithSPE.machine().encodings(of: .loads)
    }
    #expect(refusal?.cause == .notOffered)
    #expect(refusal?.reason.contains("armv8_pmuv3_0") == true)
  }

  @Test func `without a PMU no hardware event is even tried, and the reason names the virtual machine`()
    throws
  {
    let machine = try RecordedMachine.bare.machine()
    for event in CountedEvent.allCases where event.isHardware {
      let refusal = #expect(throws: EventObstacle.self) { try machine.encodings(of: event) }
      #expect(refusal?.cause == .noPMU)
      #expect(refusal?.description.contains("virtual machine") == true)
    }
    #expect(try machine.encodings(of: .pageFaults).first?.config == 2)
  }

  @Test func `an unreadable sysfs is not taken for a machine without PMU`() throws {
    let machine = EventMachine(
      pmus: nil, processor: ProcessorFacts(vendor: .intel),
      permissions: EventPermissions(paranoid: 1, isPrivileged: false, isFiltered: false),
      tracepoints: Tracepoints(root: nil))
    #expect(machine.missingPMU?.reason.contains("cannot be read") == true)
  }

  @Test func `hardware events and page faults leave the kernel's own code out, scheduler events cannot`()
    throws
  {
    let machine = try RecordedMachine.skylake.machine()
    for event in CountedEvent.allCases where event.isHardware || event == .pageFaults {
      #expect(try machine.encodings(of: event).allSatisfy(\.excludesKernel))
    }
    #expect(try machine.encodings(of: .cpuMigrations).map(\.excludesKernel) == [false])
  }

  @Test func `an event that arises in the kernel is refused before it could count nothing for ever`() throws {
    let ordinary = EventPermissions(paranoid: 2, isPrivileged: false, isFiltered: false)
    let machine = try RecordedMachine.skylake.machine(ordinary)
    let refusal = #expect(throws: EventObstacle.self) { try machine.encodings(of: .cpuMigrations) }
    #expect(refusal?.cause == .paranoid)
    #expect(refusal?.remedy?.contains("kernel.perf_event_paranoid=1") == true)
    #expect(try machine.encodings(of: .loads).count == 1)
  }

  @Test func `a value is scattered over the ranges of a format, and one that does not fit is refused`() {
    #expect(EventTerms.scatter(0x1a5, into: "0-7,32-35") == 0x1_0000_00a5)
    #expect(EventTerms.scatter(0x1fff, into: "0-7,32-35") == nil)
    #expect(EventTerms.scatter(1, into: "18") == 1 << 18)
    #expect(EventTerms.scatter(.max, into: "0-63") == .max)
    #expect(EventTerms.scatter(1, into: "7-0") == nil)
    #expect(EventTerms.scatter(1, into: "x") == nil)
  }

  @Test func `the attribute starts at exec, follows children and reads its times`() {
    let encoding = EventEncoding(type: 4, config: 0x81d0, config1: 3)
    let leader = encoding.countingAttribute(isLeader: true)
    #expect(leader.type == 4 && leader.config == 0x81d0 && leader.config1 == 3)
    #expect(leader.read_format == 3 && leader.inherit == 1 && leader.exclude_kernel == 1)
    #expect(leader.disabled == 1 && leader.enable_on_exec == 1)
    let member = encoding.countingAttribute(isLeader: false)
    #expect(member.disabled == 0 && member.enable_on_exec == 0 && member.inherit == 1)
  }
}
