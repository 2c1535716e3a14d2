import Testing

@testable import Probes

@Suite struct MemorySamplerTests {
  @Test func `Intel samples loads above a latency, and stores`() throws {
    let samplers = try RecordedMachine.skylake.machine().memorySamplers(latency: 30)
    #expect(samplers.map(\.subject) == [.loads, .stores])
    #expect(samplers[0].encoding.config == 0x1cd && samplers[0].encoding.config1 == 30)
    #expect(samplers[0].encoding.precise == 3)
    #expect(samplers[0].name == "cpu/mem-loads,ldlat=30/")
    #expect(samplers[0].auxiliary == nil)
    #expect(samplers[1].encoding.config == 0x82d0)
  }

  @Test func `where there is an auxiliary event it leads the loads`() throws {
    let samplers = try RecordedMachine.sapphireRapids.machine().memorySamplers()
    #expect(samplers[0].auxiliary?.config == 0x8203)
    #expect(samplers[1].encoding.config == 0x2cd && samplers[1].auxiliary == nil)
  }

  @Test func `both kinds of core sample, only the one that needs it with the auxiliary event`() throws {
    let samplers = try RecordedMachine.alderLake.machine().memorySamplers()
    #expect(samplers.map(\.cpus?.count) == [8, 8, 16, 16])
    #expect(samplers.map(\.pmu) == ["cpu_atom", "cpu_atom", "cpu_core", "cpu_core"])
    #expect(samplers.map { $0.auxiliary != nil } == [false, false, true, false])
    #expect(samplers[0].encoding.type == 10 && samplers[0].encoding.config == 0x5d0)
  }

  @Test func `AMD samples operations, with the kernel's filter where it has one`() throws {
    var machine = try RecordedMachine.zen4.machine()
    let filtered = try machine.memorySamplers()
    #expect(filtered.map(\.subject) == [.operations])
    #expect(filtered[0].encoding.config == 1 << 19 && filtered[0].encoding.config2 == 0)
    #expect(filtered[0].userOnly?.config2 == 1 && filtered[0].periodStep == 16)
    machine.pmus = machine.pmus?.map { pmu in
      var older = pmu
      older.formats["swfilt"] = nil
      return older
    }
    let plain = try machine.memorySamplers()[0]
    #expect(!plain.encoding.excludesKernel && plain.userOnly == nil)
  }

  @Test(arguments: [
    (RecordedMachine.neoverseWithSPE, EventObstacle.Cause.unsupported, "ARM SPE was detected"),
    (.cortexA53, .notOffered, "does not sample"), (.bare, .noPMU, "no hardware PMU"),
  ])
  func `what cannot be sampled says why`(
    recorded: RecordedMachine, cause: EventObstacle.Cause, words: String
  ) throws {
    let machine = try recorded.machine()
    let refusal = #expect(throws: EventObstacle.self) { try machine.memorySamplers() }
    #expect(refusal?.cause == cause)
    #expect(refusal?.reason.contains(words) == true)
  }
}
