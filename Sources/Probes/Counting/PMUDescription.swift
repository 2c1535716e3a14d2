import Glibc

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
  /// Whether it names the CPUs that it belongs to: so do the PMUs of cores, except a lone x86 one.
  public var hasCPUs: Bool

  /// Describes a PMU.
  public init(
    name: String, type: UInt32, events: [String: String] = [:], formats: [String: String] = [:],
    capabilities: [String: String] = [:], hasCPUs: Bool = false
  ) {
    self.name = name
    self.type = type
    self.events = events
    self.formats = formats
    self.capabilities = capabilities
    self.hasCPUs = hasCPUs
  }

  /// Whether it counts what a core does, and so what a program does.
  public var isCore: Bool { name == "cpu" || hasCPUs }
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
      let hasCPUs = access("\(folder)/cpus", F_OK) == 0
      let isSampler = name == "ibs_op" || name.hasPrefix("arm_spe_")
      guard name == "cpu" || hasCPUs || isSampler else { return nil }
      guard let type = FolderListing.line("\(folder)/type").flatMap({ UInt32($0) }) else { return nil }
      return PMUDescription(
        name: name, type: type,
        // mem-loads.scale and the like are not events.
        events: FolderListing.lines("\(folder)/events").filter { !$0.key.contains(".") },
        formats: FolderListing.lines("\(folder)/format"),
        capabilities: FolderListing.lines("\(folder)/caps"), hasCPUs: hasCPUs)
    }
  }
}

/// Folders of small files, as sysfs has them.
enum FolderListing {
  /// Names in a folder; nil when it cannot be read.
  static func names(_ path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var result: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { result.append(name) }
    }
    return result
  }

  /// The first line of a file; nil when it cannot be read.
  static func line(_ path: String) -> String? {
    ProcText.read(path).map { String($0.prefix { $0 != "\n" }) }
  }

  /// The first line of each file in a folder; empty when there is none.
  static func lines(_ path: String) -> [String: String] {
    var result: [String: String] = [:]
    for name in names(path) ?? [] { result[name] = line("\(path)/\(name)") }
    return result
  }
}
