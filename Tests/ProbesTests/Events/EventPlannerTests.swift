import CLinux
import Foundation
import Glibc
import Model
import Testing

@testable import Probes

/// A folder laid out as /sys/bus/event_source/devices.
private final class FakeSources {
  let root: URL

  init(_ files: [String: String]) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "heapscale-sources-\(UUID().uuidString)")
    for (path, text) in files {
      let file = root.appending(path: path)
      let folder = file.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func planner(_ memory: MemorySampling, stacks: StackMode = .none) -> EventPlanner {
    EventPlanner(
      SamplingRequest(kinds: [.memory(memory)], stacks: stacks),
      machine: EventMachine(devices: root.path, proc: root.path), wakeupBytes: 4096, onExec: true)
  }
}

private let intelFormat = [
  "format/event": "config:0-7\n", "format/umask": "config:8-15\n", "format/ldlat": "config1:0-15\n",
]

private func files(_ source: String, _ files: [String: String]) -> [String: String] {
  Dictionary(uniqueKeysWithValues: files.map { ("\(source)/\($0.key)", $0.value) })
}

@Suite struct EventPlannerTests {
  @Test func `Intel's loads and stores are encoded as sysfs describes them`() throws {
    var cpu = intelFormat
    cpu["type"] = "4\n"
    cpu["events/mem-loads"] = "event=0xcd,umask=0x1,ldlat=3\n"
    cpu["events/mem-stores"] = "event=0xd0,umask=0x82\n"
    let planner = try FakeSources(files("cpu", cpu)).planner(
      MemorySampling(latencyThreshold: 30, period: 999))
    #expect(planner.missing == [])
    #expect(planner.plans.map(\.name) == ["cpu/mem-loads,ldlat=30/", "cpu/mem-stores/"])
    let loads = planner.plans[0].attributes
    #expect(loads.type == 4 && loads.config == 0x1cd && loads.config1 == 30)
    #expect(loads.sample_period == 999 && loads.precise_ip == 3 && loads.enable_on_exec == 1)
    let fields = SampleLayout.Fields(rawValue: loads.sample_type)
    #expect(fields.isSuperset(of: [.address, .weight, .dataSource, .identifier, .time]))
    #expect(planner.plans[1].attributes.config == 0x82d0)
    #expect(planner.plans[0].leader == nil)
  }

  @Test func `where there is an auxiliary event it leads the loads, on the cores that have it`() throws {
    var core = intelFormat
    core["type"] = "10\n"
    core["cpus"] = "0-3,8\n"
    core["events/mem-loads"] = "event=0xcd,umask=0x1,ldlat=3\n"
    core["events/mem-loads-aux"] = "event=0x03,umask=0x82\n"
    let planner = try FakeSources(files("cpu_core", core)).planner(MemorySampling(stores: false))
    let plan = try #require(planner.plans.first)
    #expect(planner.plans.count == 1)
    #expect(plan.cpus == [0, 1, 2, 3, 8])
    let leader = try #require(plan.leader).attributes
    #expect(leader.config == 0x8203)
    #expect(leader.disabled == 1 && leader.enable_on_exec == 1 && leader.sample_period == 0)
    #expect(plan.attributes.disabled == 0)
  }

  @Test func `AMD's operations are counted in multiples of 16, users without root by the software filter`()
    throws
  {
    let sources = try FakeSources(
      files(
        "ibs_op", ["type": "9\n", "format/cnt_ctl": "config:19\n", "format/swfilt": "config2:0\n"]))
    let planner = sources.planner(MemorySampling(period: 10_007))
    var event = try #require(planner.plans.first).event
    let attributes = event.attributes
    #expect(attributes.type == 9 && attributes.config == 1 << 19)
    #expect(attributes.sample_period == 10_000)
    #expect(attributes.exclude_kernel == 0 && attributes.exclude_hv == 0 && attributes.precise_ip == 0)
    let lowered = event.lower(errno: EACCES)
    #expect(lowered)
    #expect(event.attributes.exclude_kernel == 1 && event.attributes.config2 == 1)
    let loweredAgain = event.lower(errno: EACCES)
    #expect(!loweredAgain)
  }

  @Test func `without the software filter an ordinary user gets no operations of AMD's`() throws {
    let sources = try FakeSources(files("ibs_op", ["type": "9\n", "format/cnt_ctl": "config:19\n"]))
    var plan = try #require(sources.planner(MemorySampling()).plans.first)
    let lowered = plan.event.lower(errno: EACCES)
    #expect(!lowered)
  }

  @Test func `without a PMU the reason and a remedy are told`() throws {
    let planner = try FakeSources(files("software", ["type": "1\n"])).planner(MemorySampling())
    #expect(planner.plans.isEmpty)
    #expect(planner.missing.first?.reason == "no hardware PMU on this machine")
    let arm = try FakeSources(files("arm_spe_0", ["type": "8\n"])).planner(MemorySampling())
    #expect(arm.missing.first?.reason.contains("ARM SPE") == true)
    #expect(arm.missing.first?.remedy?.contains("perf record") == true)
  }

  @Test func `precision is given up step by step, then nothing is left`() {
    var event = AskedEvent(EventEncoding(type: 4, config: 0, precise: 3), userOnly: nil)
    for expected in [2, 1, 0] as [UInt64] {
      let lowered = event.lower(errno: EOPNOTSUPP)
      #expect(lowered)
      #expect(event.attributes.precise_ip == expected)
    }
    let lowered = event.lower(errno: EOPNOTSUPP)
    #expect(!lowered)
  }

  @Test func `bits of a term go to the places that its format names`() {
    let pmu = PMUDescription(
      name: "x", type: 5, formats: ["wide": "config:0-3,32-35", "odd": "nonsense", "other": "config2:1"])
    let encoding = EventTerms.encode("wide=0xab,other", for: pmu)
    #expect(encoding?.type == 5 && encoding?.config == 0xa_0000_000b && encoding?.config2 == 2)
    #expect(EventTerms.encode("odd=1", for: pmu) == nil)
    #expect(EventTerms.encode("absent=1", for: pmu) == nil)
  }

  @Test func `stacks are asked for as the mode says`() {
    func attributes(_ stacks: StackMode) -> perf_event_attr? {
      EventPlanner(
        SamplingRequest(kinds: [.pageFaults(period: 1)], stacks: stacks), machine: EventMachine(),
        wakeupBytes: 1, onExec: false
      ).plans.first?.attributes
    }
    #expect(attributes(.dwarf(bytes: 8195))?.sample_stack_user == 8192)
    #expect(attributes(.dwarf(bytes: 1 << 20))?.sample_stack_user == 65_528)
    #expect(attributes(.none)?.sample_stack_user == 0)
    #expect(attributes(.framePointers)?.exclude_callchain_kernel == 1)
    #expect(attributes(.none)?.enable_on_exec == 0)
  }
}
