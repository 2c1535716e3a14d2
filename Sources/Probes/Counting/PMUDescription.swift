/// A performance monitoring unit, as the kernel describes it under /sys/bus/event_source/devices.
public struct PMUDescription: Hashable, Sendable {
  /// Its name: `cpu`, `cpu_core`, `cpu_atom`, `armv8_pmuv3_0`, `ibs_op`, `arm_spe_0`.
  public var name: String
  /// The number that stands for it in `perf_event_attr.type`.
  public var type: UInt32
  /// Named events with their terms, e.g. `mem-stores`: `event=0xd0,umask=0x82`.
  public var events: [String: String]
  /// Where each term goes, e.g. `umask`: `config:8-15`.
  public var formats: [String: String]
  /// Abilities, e.g. `pmu_name`: `skylake`.
  public var capabilities: [String: String]
  /// The CPUs that it belongs to, where it names them: so do the PMUs of cores, except a lone x86 one.
  public var cpus: Set<Int>?

  /// Describes a PMU.
  public init(
    name: String, type: UInt32, events: [String: String] = [:], formats: [String: String] = [:],
    capabilities: [String: String] = [:], cpus: Set<Int>? = nil
  ) {
    self.name = name
    self.type = type
    self.events = events
    self.formats = formats
    self.capabilities = capabilities
    self.cpus = cpus
  }

  /// Whether it counts what a core does, and so what a program does.
  public var isCore: Bool { name == "cpu" || cpus != nil }
  /// AMD's instruction based sampling of operations.
  public var isIBSOp: Bool { name == "ibs_op" }
  /// ARM's statistical profiling extension.
  public var isSPE: Bool { name.hasPrefix("arm_spe_") }

  /// The PMUs of cores and those that sample their memory accesses, by name; nil when the folder cannot be read.
  /// Others (memory controllers, power) cannot be asked about one program.
  public static func all(under root: String) -> [PMUDescription]? {
    guard let names = FolderListing.names(root) else { return nil }
    return names.sorted().compactMap { name in
      let folder = "\(root)/\(name)"
      let cpus = FolderListing.line("\(folder)/cpus").map { Set(CPUList.parse($0)) }
      let isSampler = name == "ibs_op" || name.hasPrefix("arm_spe_")
      guard name == "cpu" || cpus != nil || isSampler else { return nil }
      guard let type = FolderListing.line("\(folder)/type").flatMap({ UInt32($0) }) else { return nil }
      return PMUDescription(
        name: name, type: type,
        // mem-loads.scale and the like are not events.
        events: FolderListing.lines("\(folder)/events").filter { !$0.key.contains(".") },
        formats: FolderListing.lines("\(folder)/format"),
        capabilities: FolderListing.lines("\(folder)/caps"), cpus: cpus)
    }
  }
}
