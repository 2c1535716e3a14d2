import CLinux
import Glibc

/// An event as the kernel is asked for it, and what can be given up of it.
struct AskedEvent {
  var attributes: perf_event_attr
  /// The same event without the kernel's part, for an ordinary user; nil where there is none.
  let userOnly: EventEncoding?

  /// Asks for an event, and without the kernel's part where its kind allows that.
  init(_ encoding: EventEncoding, userOnly: EventEncoding?) {
    attributes = encoding.attribute
    self.userOnly = userOnly
  }

  /// Gives up what the kernel refuses, if something can be given up. Returns whether to try again.
  mutating func lower(errno number: Int32) -> Bool {
    switch number {
    case EOPNOTSUPP where attributes.precise_ip > 0:
      attributes.precise_ip -= 1
      return true
    case EACCES where attributes.exclude_kernel == 0:
      guard let userOnly else { return false }
      attributes.exclude_kernel = 1
      attributes.config = userOnly.config
      attributes.config1 = userOnly.config1
      attributes.config2 = userOnly.config2
      return true
    case EINVAL where attributes.read_format != 0:
      attributes.read_format = 0  // PERF_FORMAT_LOST came with Linux 6.0
      return true
    default:
      return false
    }
  }

  /// Opens it for one thread on one CPU, giving up step by step what the kernel refuses.
  ///
  /// Throws: the number of the error that nothing helps against.
  mutating func open(tid: Int32, cpu: Int, group: Int32 = -1) throws(Refused) -> OwnedDescriptor {
    while true {
      let result = hs_perf_open(&attributes, tid, Int32(clamping: cpu), group)
      if result >= 0 { return OwnedDescriptor(result) }
      guard lower(errno: -result) else { throw Refused(errno: -result) }
    }
  }

  /// perf_event_open's error number.
  struct Refused: Error {
    var errno: Int32

    /// A thread that ended meanwhile is no failure of the event, nor is a CPU that went offline.
    var isGone: Bool { errno == ESRCH || errno == ENODEV }
  }
}
