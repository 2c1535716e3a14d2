import Glibc
import Model

/// Facts about the machine that figures depend on. What cannot be read says so.
public enum HostFacts {
  /// Reads them all; every name is always there.
  public static func read() -> [HostFact] {
    [
      HostFact(name: "cpu_model", value: cpuModel()),
      HostFact(name: "architecture", value: uname(\.machine)),
      HostFact(name: "cores", value: "\(sysconf(Int32(_SC_NPROCESSORS_ONLN)))"),
      HostFact(name: "memory_bytes", value: memory()),
      HostFact(name: "page_bytes", value: "\(sysconf(Int32(_SC_PAGESIZE)))"),
      HostFact(name: "kernel", value: uname(\.release)),
      HostFact(name: "distribution", value: distribution()),
      HostFact(name: "libc", value: libc()),
      HostFact(name: "thp", value: chosen("/sys/kernel/mm/transparent_hugepage/enabled")),
      HostFact(name: "governor", value: oneLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")),
      HostFact(name: "randomize_va_space", value: oneLine("/proc/sys/kernel/randomize_va_space")),
      HostFact(name: "overcommit", value: oneLine("/proc/sys/vm/overcommit_memory")),
      HostFact(name: "perf_event_paranoid", value: oneLine("/proc/sys/kernel/perf_event_paranoid")),
      HostFact(name: "hardware_pmu", value: hardwarePMU()),
      HostFact(name: "load", value: oneLine("/proc/loadavg")),
      HostFact(name: "user", value: geteuid() == 0 ? "root" : "ordinary user"),
    ]
  }

  /// Load averages of 1 minute; nil when they cannot be read.
  public static func load() -> Double? {
    ProcText.read("/proc/loadavg").flatMap { Double($0.prefix { $0 != " " }) }
  }

  /// Time that the hypervisor gave to others and all time, in ticks over all CPUs since boot (proc_stat(5), `cpu`).
  public static func stolen() -> (stolen: UInt64, all: UInt64)? {
    // The first line is what is wanted; those of the interrupts are long.
    let head = ProcText.bytes("/proc/stat", atMost: 256).map { String(decoding: $0, as: UTF8.self) }
    guard let line = head?.split(separator: "\n").first else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { UInt64($0) }
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user already.
    guard ticks.count >= 8 else { return nil }
    return (ticks[7], ticks.prefix(8).reduce(0, +))
  }

  /// The lowest and the highest frequency of the CPUs now, in MHz; nil where the kernel does not govern it: in a virtual
  /// machine /proc/cpuinfo repeats one figure for ever.
  public static func megahertz() -> (low: Double, high: Double)? {
    guard access("/sys/devices/system/cpu/cpu0/cpufreq", F_OK) == 0 else { return nil }
    let lines = (ProcText.read("/proc/cpuinfo") ?? "").split(separator: "\n").filter {
      $0.hasPrefix("cpu MHz")
    }
    let values = lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    guard let low = values.min(), let high = values.max() else { return nil }
    return (low, high)
  }

  private static let notReadable = "not readable"

  private static func oneLine(_ path: String) -> String {
    guard let text = ProcText.read(path) else { return notReadable }
    return text.split(separator: "\n").first.map(String.init) ?? notReadable
  }

  /// The word in brackets: `always [madvise] never`.
  private static func chosen(_ path: String) -> String {
    let line = oneLine(path)
    guard let open = line.firstIndex(of: "["), let close = line.firstIndex(of: "]"), open < close else {
      return line
    }
    return String(line[line.index(after: open)..<close])
  }

  private static func cpuModel() -> String {
    for line in (ProcText.read("/proc/cpuinfo") ?? "").split(separator: "\n") {
      guard line.hasPrefix("model name"), let colon = line.firstIndex(of: ":") else { continue }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    return notReadable
  }

  /// `glibc 2.36`: the library that the harness and dynamic targets run on.
  private static func libc() -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard confstr(Int32(_CS_GNU_LIBC_VERSION), &buffer, buffer.count) > 0 else { return notReadable }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func memory() -> String {
    ProcText.bytes("/proc/meminfo").flatMap { ProcText.kibibytes("MemTotal", in: $0) }
      .map { "\($0.count)" } ?? notReadable
  }

  private static func distribution() -> String {
    for line in (ProcText.read("/etc/os-release") ?? "").split(separator: "\n")
    where line.hasPrefix("PRETTY_NAME=") {
      return line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" }
    }
    return notReadable
  }

  /// A processor's counters show as an event source named cpu, cpu_core or armv8_…
  private static func hardwarePMU() -> String {
    guard let directory = opendir("/sys/bus/event_source/devices") else { return notReadable }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "cpu" || name.hasPrefix("cpu_") || name.hasPrefix("armv") { found.append(name) }
    }
    return found.isEmpty ? "none" : found.sorted().joined(separator: ", ")
  }

  private static func uname<T>(_ field: KeyPath<utsname, T>) -> String {
    var name = utsname()
    guard Glibc.uname(&name) == 0 else { return notReadable }
    return withUnsafeBytes(of: name[keyPath: field]) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
