import Model
import Probes

/// What a profile looks at, and how closely.
public struct ProfileRequest: Sendable {
  /// Page faults from one sample to the next; 1 is every one.
  public var faultPeriod: UInt64
  /// How stacks are taken.
  public var stacks: StackMode
  /// Loads and stores, where there is a PMU that samples them; nil when not asked for.
  public var memory: MemorySampling?
  /// Size of the ring of each CPU.
  public var ringBytes: Bytes
  /// Size of the temporary file for samples.
  public var spoolLimit: Bytes
  /// Whether transparent huge pages are left on: then one fault may bring in far more than a page.
  public var hugePages: Bool
  /// Whether the allocator is made to write a profile of its heap as well, in a run of its own.
  public var heapProfile: Bool
  /// The phase of a workload whose page faults are shown; nil for all of them.
  public var phase: String?

  /// Asks for a profile.
  public init(
    faultPeriod: UInt64 = 1, stacks: StackMode = .dwarfAndFramePointers(bytes: 8192),
    memory: MemorySampling? = MemorySampling(),
    ringBytes: Bytes = Bytes(64 << 20), spoolLimit: Bytes = Bytes(2 << 30), hugePages: Bool = false,
    heapProfile: Bool = false, phase: String? = nil
  ) {
    self.faultPeriod = faultPeriod
    self.stacks = stacks
    self.memory = memory
    self.ringBytes = ringBytes
    self.spoolLimit = spoolLimit
    self.hugePages = hugePages
    self.heapProfile = heapProfile
    self.phase = phase
  }

  /// The events to open on a machine.
  func sampling(withPMU: Bool) -> SamplingRequest {
    var kinds: [SamplingRequest.Kind] = [.pageFaults(period: faultPeriod), .addressSpace]
    if let memory, withPMU { kinds.append(.memory(memory)) }
    return SamplingRequest(kinds: kinds, stacks: stacks, ringBytes: ringBytes, spoolLimit: spoolLimit)
  }

  /// How stacks that were taken so are unwound.
  var unwinding: UnwindMode {
    switch stacks {
    case .dwarf, .dwarfAndFramePointers: .tables
    case .framePointers, .none: .framePointers
    }
  }
}
