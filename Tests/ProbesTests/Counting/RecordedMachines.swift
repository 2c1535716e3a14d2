import Foundation
import Probes

/// Machines as their sysfs and cpuinfo describe them, laid out as folders of text and read like the real ones.
///
/// The values are those that the kernels of these processors publish (arch/x86/events, drivers/perf).
enum RecordedMachine: String, CaseIterable {
  case skylake
  case sapphireRapids
  case alderLake
  case zen4
  case cortexA53
  case neoverseWithSPE
  case bare

  private static let intelFormats = """
    format/event config:0-7
    format/umask config:8-15
    format/edge config:18
    format/inv config:23
    format/cmask config:24-31
    format/ldlat config1:0-15
    """

  private static let amdFormats = """
    format/event config:0-7,32-35
    format/umask config:8-15
    format/edge config:18
    format/inv config:23
    format/cmask config:24-31
    """

  /// PMUs with their files: each line a path and what stands in it.
  private var devices: [String: String] {
    switch self {
    case .skylake:
      [
        "cpu": """
        type 4
        \(Self.intelFormats)
        events/cpu-cycles event=0x3c
        events/mem-loads event=0xcd,umask=0x1,ldlat=3
        events/mem-stores event=0xd0,umask=0x82
        events/topdown-fetch-bubbles.scale 2
        caps/pmu_name skylake
        """,
        "uncore_imc_0": "type 14\ncpumask 0",
      ]
    case .sapphireRapids: ["cpu": "type 4\ncaps/pmu_name sapphire_rapids\n" + Self.withAuxiliary]
    case .alderLake:
      [
        "cpu_core": "type 4\ncpus 0-15\n" + Self.withAuxiliary,
        "cpu_atom": """
        type 10
        cpus 16-23
        \(Self.intelFormats)
        events/mem-loads event=0xd0,umask=0x5,ldlat=3
        events/mem-stores event=0xd0,umask=0x6
        """,
      ]
    case .zen4:
      [
        "cpu": "type 4\n" + Self.amdFormats,
        "ibs_op": "type 11\nformat/cnt_ctl config:19\nformat/l3missonly config:16\nformat/swfilt config2:0",
        "amd_l3": "type 12\ncpumask 0",
      ]
    case .cortexA53:
      [
        "armv8_cortex_a53": """
        type 8
        cpus 0-3
        format/event config:0-15
        events/ld_retired event=0x0006
        events/st_retired event=0x0007
        """
      ]
    case .neoverseWithSPE:
      [
        "armv8_pmuv3_0": "type 8\ncpus 0-63\nformat/event config:0-15\nevents/cpu_cycles event=0x0011",
        "arm_spe_0": "type 9\ncpumask 0-63\nformat/ts_enable config:0\nformat/min_latency config2:0-11",
      ]
    case .bare: ["software": "type 1", "tracepoint": "type 2", "msr": "type 9"]
    }
  }

  private static let withAuxiliary = """
    \(intelFormats)
    events/mem-loads event=0xcd,umask=0x1,ldlat=3
    events/mem-loads-aux event=0x03,umask=0x82
    events/mem-stores event=0xcd,umask=0x2
    """

  private var cpuinfo: String {
    switch self {
    case .skylake: Self.x86("GenuineIntel", 6, 85, "fpu pebs")
    case .sapphireRapids: Self.x86("GenuineIntel", 6, 143, "fpu pebs")
    case .alderLake: Self.x86("GenuineIntel", 6, 151, "fpu pebs")
    case .zen4: Self.x86("AuthenticAMD", 25, 17, "fpu ibs perfctr_core")
    case .bare: Self.x86("AuthenticAMD", 25, 17, "fpu hypervisor")
    case .cortexA53, .neoverseWithSPE: "processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\n\n"
    }
  }

  private static func x86(_ vendor: String, _ family: Int, _ model: Int, _ flags: String) -> String {
    """
    processor\t: 0
    vendor_id\t: \(vendor)
    cpu family\t: \(family)
    model\t\t: \(model)
    flags\t\t: \(flags)

    processor\t: 1
    vendor_id\t: other

    """
  }

  /// The machine as it is read from its files, for root unless other permissions are given.
  func machine(
    _ permissions: EventPermissions = EventPermissions(paranoid: 2, isPrivileged: true, isFiltered: false)
  ) throws -> EventMachine {
    let root = FileManager.default.temporaryDirectory.appending(path: "heapscale-pmu-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (pmu, files) in devices {
      for line in files.split(separator: "\n") {
        let sides = line.split(separator: " ", maxSplits: 1)
        try Self.write(String(sides[1]) + "\n", to: root.appending(path: "devices/\(pmu)/\(sides[0])"))
      }
    }
    try Self.write(cpuinfo, to: root.appending(path: "proc/cpuinfo"))
    var machine = EventMachine(
      devices: root.appending(path: "devices").path, proc: root.appending(path: "proc").path)
    machine.permissions = permissions
    return machine
  }

  private static func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
