import CLinux
import Glibc

/// One event to be sampled before it is opened: its attributes, and on which CPUs it can be.
struct EventPlan {
  var name: String
  var kind: SampledEvent.Kind
  var event: AskedEvent
  /// An event that must lead the group, counted and not sampled.
  var leader: AskedEvent?
  /// nil for all CPUs.
  var cpus: Set<Int>?

  init(name: String, kind: SampledEvent.Kind, encoding: EventEncoding, userOnly: EventEncoding?) {
    self.name = name
    self.kind = kind
    event = AskedEvent(encoding, userOnly: userOnly)
  }

  /// How the event is asked for.
  var attributes: perf_event_attr {
    get { event.attributes }
    set { event.attributes = newValue }
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
    attributes.sample_stack_user = UInt32(clamping: min(max(bytes, 8), 65_528) / 8 * 8)
  }

  /// Records of mappings, execs and forks: an event that counts nothing.
  static func side(dataMappings: Bool, wakeupBytes: Int, onExec: Bool) -> AskedEvent {
    let dummy = EventEncoding(
      type: PERF_TYPE_SOFTWARE.rawValue, config: UInt64(PERF_COUNT_SW_DUMMY.rawValue), excludesKernel: false)
    var result = AskedEvent(dummy, userOnly: dummy.withoutKernel)
    prepare(&result.attributes, onExec: onExec)
    // For a running process the mappings of now are read next: none may fall in between.
    if !onExec { result.attributes.disabled = 0 }
    let fields: SampleLayout.Fields = [.identifier, .thread, .time, .cpu]
    result.attributes.sample_type = fields.rawValue
    result.attributes.sample_id_all = 1
    result.attributes.mmap = 1
    result.attributes.mmap2 = 1
    result.attributes.mmap_data = dataMappings ? 1 : 0
    result.attributes.comm = 1
    result.attributes.comm_exec = 1
    result.attributes.task = 1
    result.attributes.watermark = 1
    result.attributes.wakeup_watermark = UInt32(clamping: wakeupBytes)
    return result
  }

  /// How the records of opened attributes are laid out.
  static func layout(_ attributes: perf_event_attr) -> SampleLayout {
    SampleLayout(
      fields: .init(rawValue: attributes.sample_type), readFormat: attributes.read_format,
      userRegisterMask: attributes.sample_regs_user, interruptRegisterMask: attributes.sample_regs_intr,
      branchType: attributes.branch_sample_type, period: attributes.sample_period)
  }
}
