import CLinux
import Model

/// An event that is counted for a whole trial, with the threads and processes that the program starts.
///
/// Hardware events and page faults count the program's own code only, never the kernel's: so a figure means the same
/// whatever perf_event_paranoid allows.
public enum CountedEvent: String, CaseIterable, Hashable, Sendable {
  /// CPU cycles in the program's code.
  case cycles
  /// Instructions retired.
  case instructions
  /// Loads: retired (Intel, ARM) or dispatched (AMD).
  case loads
  /// Stores: retired (Intel, ARM) or dispatched (AMD).
  case stores
  /// Loads that missed the first data cache.
  case l1dMisses = "l1d_misses"
  /// Loads that missed the last cache.
  case llcMisses = "llc_misses"
  /// Loads whose page was in no data TLB.
  case dtlbMisses = "dtlb_misses"
  /// Branches predicted wrongly.
  case branchMisses = "branch_misses"
  /// Page faults of the program's code.
  case pageFaults = "page_faults"
  /// Page faults without input or output.
  case pageFaultsMinor = "page_faults_minor"
  /// Page faults that waited for a device.
  case pageFaultsMajor = "page_faults_major"
  /// Context switches.
  case contextSwitches = "context_switches"
  /// Moves of a thread from one CPU to another.
  case cpuMigrations = "cpu_migrations"
  /// CPU time of all threads, ns.
  case taskClock = "task_clock"
  /// Calls of mmap(2).
  case mmapCalls = "mmap_calls"
  /// Calls of munmap(2).
  case munmapCalls = "munmap_calls"
  /// Calls of brk(2).
  case brkCalls = "brk_calls"
  /// Calls of madvise(2).
  case madviseCalls = "madvise_calls"
  /// Page faults as the tracepoint sees them.
  case userPageFaults = "user_page_faults"

  /// What counts an event.
  public enum Source: Hashable, Sendable {
    /// The processor's PMU.
    case hardware
    /// The kernel, by a PERF_COUNT_SW_… number; whether the count arises in kernel code and so needs the right to
    /// watch it.
    case software(config: UInt64, inKernel: Bool)
    /// A tracepoint, by its group and name under tracefs.
    case tracepoint(String)
  }

  /// What counts it.
  public var source: Source {
    switch self {
    case .cycles, .instructions, .loads, .stores, .l1dMisses, .llcMisses, .dtlbMisses, .branchMisses:
      .hardware
    case .pageFaults: .software(config: UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue), inKernel: false)
    case .pageFaultsMinor: .software(config: UInt64(PERF_COUNT_SW_PAGE_FAULTS_MIN.rawValue), inKernel: false)
    case .pageFaultsMajor: .software(config: UInt64(PERF_COUNT_SW_PAGE_FAULTS_MAJ.rawValue), inKernel: false)
    // The scheduler raises these two: with exclude_kernel they open, and count nothing for ever.
    case .contextSwitches: .software(config: UInt64(PERF_COUNT_SW_CONTEXT_SWITCHES.rawValue), inKernel: true)
    case .cpuMigrations: .software(config: UInt64(PERF_COUNT_SW_CPU_MIGRATIONS.rawValue), inKernel: true)
    case .taskClock: .software(config: UInt64(PERF_COUNT_SW_TASK_CLOCK.rawValue), inKernel: false)
    case .mmapCalls: .tracepoint("syscalls/sys_enter_mmap")
    case .munmapCalls: .tracepoint("syscalls/sys_enter_munmap")
    case .brkCalls: .tracepoint("syscalls/sys_enter_brk")
    case .madviseCalls: .tracepoint("syscalls/sys_enter_madvise")
    case .userPageFaults: .tracepoint("exceptions/page_fault_user")
    }
  }

  /// Whether the processor counts it.
  public var isHardware: Bool { source == .hardware }

  /// The events of a choice, each the source of a metric.
  ///
  /// By default the processor's counters alone. Every counter is inherited, which costs at the start and end of each
  /// thread (7 to 13 % of the CPU time of a program that does nothing else), a tracepoint and a counter of page faults
  /// at every hit as well: a counter of the scheduler tells too little for that. What getrusage(2) tells anyway is in
  /// no choice.
  public static func chosen(by choice: EventChoice) -> [CountedEvent] {
    switch choice {
    case .none: []
    case .standard: allCases.filter(\.isHardware)
    case .all:
      chosen(by: .standard) + [
        .cpuMigrations, .pageFaults, .mmapCalls, .munmapCalls, .brkCalls, .madviseCalls,
      ]
    }
  }
}
