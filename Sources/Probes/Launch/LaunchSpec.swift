import CLinux
import Glibc
import Model

/// A program to be launched and measured.
public struct LaunchSpec: Sendable {
  /// Path of the executable.
  public var executable: String
  /// Arguments, the program's name first.
  public var arguments: [String]
  /// The whole environment; nothing is inherited.
  public var environment: [String: String]
  /// Working directory; nil for the harness's own.
  public var directory: String?
  /// Time after which the tree is killed.
  public var timeLimit: Nanoseconds
  /// Whether it speaks the telemetry page's protocol.
  public var hasTelemetry: Bool
  /// CPUs it may run on; empty for all.
  public var cpus: [Int]
  /// Whether address space layout randomisation is switched off.
  public var withoutASLR: Bool
  /// Whether transparent huge pages are switched off for it (PR_SET_THP_DISABLE), so that each page has a fault of its own.
  public var withoutHugePages: Bool
  /// Whether it runs without any stop, neither at its marks nor at its exit: the exact readings that are taken
  /// while it waits are missing, and so is `atExit`. What it executes does not depend on when the harness answers.
  public var withoutStops = false

  /// Describes a program to launch.
  public init(
    executable: String, arguments: [String], environment: [String: String], directory: String? = nil,
    timeLimit: Nanoseconds, hasTelemetry: Bool, cpus: [Int] = [], withoutASLR: Bool = false,
    withoutHugePages: Bool = false
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.timeLimit = timeLimit
    self.hasTelemetry = hasTelemetry
    self.cpus = cpus
    self.withoutASLR = withoutASLR
    self.withoutHugePages = withoutHugePages
  }

  /// Whether tracing would change what the program does: gperftools turns its leak check off in a traced process
  /// (heap-checker.cc looks at TracerPid). It runs without exit stop then.
  private var refusesTracing: Bool { withoutStops || environment["HEAPCHECK"] != nil }

  /// The bytes of `hs_launch_spec` with its strings (launch_protocol.h), in a memfd. Born into a group, the last descriptor
  /// of the request is that group's folder.
  func memfd(isBornIntoGroup: Bool = false) throws(ProbeError) -> OwnedDescriptor {
    let assignments = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var strings: [UInt8] = []
    for text in [executable, directory ?? ""] + arguments + assignments {
      let bytes = ByteText.bytes(of: text)
      strings.append(contentsOf: bytes[..<(bytes.firstIndex(of: 0) ?? bytes.count)])
      strings.append(0)
    }
    var head = hs_launch_spec()
    head.version = UInt32(HS_LAUNCH_VERSION)
    head.flags = refusesTracing ? 0 : HS_LAUNCH_EXIT_STOP.rawValue
    if !refusesTracing, !hasTelemetry { head.flags |= HS_LAUNCH_TREE.rawValue }
    if isBornIntoGroup { head.flags |= HS_LAUNCH_GROUP.rawValue }
    if withoutASLR { head.flags |= HS_LAUNCH_NO_ASLR.rawValue }
    if withoutHugePages { head.flags |= HS_LAUNCH_NO_THP.rawValue }
    head.argc = UInt32(arguments.count)
    head.envc = UInt32(assignments.count)
    head.time_limit_ns = UInt64(max(0, timeLimit.count))
    head.strings_bytes = UInt64(strings.count)
    withUnsafeMutableBytes(of: &head.affinity) { mask in
      let words = mask.bindMemory(to: UInt64.self)
      for cpu in cpus where cpu >= 0 && cpu < 1024 { words[cpu / 64] |= 1 << UInt64(cpu % 64) }
    }
    let bytes = withUnsafeBytes(of: head) { Array($0) } + strings
    let memfd = try OwnedDescriptor.adopt(
      hs_memfd("heapscale-launch-spec", UInt64(bytes.count)), call: "memfd_create", subject: "launch request")
    guard pwrite(memfd.rawValue, bytes, bytes.count, 0) == bytes.count else {
      throw .system(call: "pwrite", subject: "launch request", errno: errno)
    }
    return memfd
  }
}
