import CLinux
import Glibc

/// One event before it is opened: its attributes, and on which CPUs it can be.
struct EventPlan {
  var name: String
  var kind: SampledEvent.Kind
  var attributes: perf_event_attr
  /// An event that must lead the group, counted and not sampled.
  var leader: perf_event_attr?
  /// nil for all CPUs.
  var cpus: Set<Int>?
  /// How events in the kernel are left out for an ordinary user.
  var exclusion = Exclusion.attribute

  /// Ways to leave out the kernel.
  enum Exclusion {
    /// `exclude_kernel`.
    case attribute
    /// `exclude_kernel` with the software filter of IBS beside it (config2, `swfilt`).
    case softwareFilter(EventSource)
    /// There is none.
    case impossible
  }

  /// Registers that unwinding needs: on x86-64 all but the segment registers DS, ES, FS and GS, which the kernel
  /// refuses (asm/perf_regs.h).
  static var userRegisters: UInt64 {
    #if arch(x86_64)
      0xff_0fff
    #elseif arch(arm64)
      0x1_ffff_ffff
    #else
      0
    #endif
  }

  /// What the samples of all kinds carry. Not the period: a software event that is asked for it is sampled every
  /// time, whatever its period (perf_swevent_event in kernel/events/core.c).
  static let commonFields: SampleLayout.Fields = [.identifier, .instruction, .thread, .time, .cpu]

  /// Fills in what is the same for every event. `onExec`: counting begins with the program; else with `start`.
  static func prepare(_ attributes: inout perf_event_attr, onExec: Bool) {
    attributes.size = UInt32(MemoryLayout<perf_event_attr>.size)
    attributes.inherit = 1
    attributes.disabled = 1
    attributes.enable_on_exec = onExec ? 1 : 0
    attributes.use_clockid = 1
    attributes.clockid = Int32(CLOCK_MONOTONIC)
  }

  /// Asks for fields, stacks and wake-ups.
  mutating func sample(
    _ fields: SampleLayout.Fields, period: UInt64, stacks: StackMode, wakeupBytes: Int, onExec: Bool
  ) {
    EventPlan.prepare(&attributes, onExec: onExec && leader == nil)
    if leader != nil { attributes.disabled = 0 }  // it follows its leader
    attributes.sample_period = period
    attributes.sample_type = EventPlan.commonFields.union(fields).rawValue
    attributes.read_format = UInt64(PERF_FORMAT_LOST.rawValue)
    attributes.sample_id_all = 1
    attributes.watermark = 1
    attributes.wakeup_watermark = UInt32(clamping: wakeupBytes)
    switch stacks {
    case .none: break
    case .framePointers: addCallchain()
    case .dwarf(let bytes): addStack(bytes)
    case .dwarfAndFramePointers(let bytes):
      addCallchain()
      addStack(bytes)
    }
  }

  private mutating func addCallchain() {
    attributes.sample_type |= SampleLayout.Fields.callchain.rawValue
    attributes.exclude_callchain_kernel = 1
  }

  private mutating func addStack(_ bytes: Int) {
    let fields: SampleLayout.Fields = [.userRegisters, .userStack]
    attributes.sample_type |= fields.rawValue
    attributes.sample_regs_user = EventPlan.userRegisters
    attributes.sample_stack_user = UInt32(min(max(bytes, 8), 65_528) / 8 * 8)
  }

  /// Records of mappings, execs and forks: an event that counts nothing.
  static func side(dataMappings: Bool, wakeupBytes: Int, onExec: Bool) -> perf_event_attr {
    var result = perf_event_attr()
    prepare(&result, onExec: onExec)
    // For a running process the mappings of now are read next: none may fall in between.
    if !onExec { result.disabled = 0 }
    result.type = UInt32(PERF_TYPE_SOFTWARE.rawValue)
    result.config = UInt64(PERF_COUNT_SW_DUMMY.rawValue)
    let fields: SampleLayout.Fields = [.identifier, .thread, .time, .cpu]
    result.sample_type = fields.rawValue
    result.sample_id_all = 1
    result.mmap = 1
    result.mmap2 = 1
    result.mmap_data = dataMappings ? 1 : 0
    result.comm = 1
    result.comm_exec = 1
    result.task = 1
    result.watermark = 1
    result.wakeup_watermark = UInt32(clamping: wakeupBytes)
    return result
  }

  /// Gives up what the kernel refuses, if something can be given up. Returns whether to try again.
  static func lower(_ attributes: inout perf_event_attr, errno number: Int32, _ exclusion: Exclusion) -> Bool
  {
    switch number {
    case EOPNOTSUPP where attributes.precise_ip > 0:
      attributes.precise_ip -= 1
      return true
    case EACCES where attributes.exclude_kernel == 0:
      switch exclusion {
      case .impossible: return false
      case .attribute: attributes.exclude_kernel = 1
      case .softwareFilter(let source):
        attributes.exclude_kernel = 1
        return source.set("swfilt", to: 1, in: &attributes)
      }
      return true
    case EINVAL where attributes.read_format != 0:
      attributes.read_format = 0  // PERF_FORMAT_LOST came with Linux 6.0
      return true
    default:
      return false
    }
  }

  /// How the records of opened attributes are laid out.
  static func layout(_ attributes: perf_event_attr) -> SampleLayout {
    SampleLayout(
      fields: .init(rawValue: attributes.sample_type), readFormat: attributes.read_format,
      userRegisterMask: attributes.sample_regs_user, interruptRegisterMask: attributes.sample_regs_intr,
      branchType: attributes.branch_sample_type, period: attributes.sample_period)
  }
}
