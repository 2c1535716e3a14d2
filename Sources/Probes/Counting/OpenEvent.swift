import CLinux
import Glibc

/// The descriptors of events on one process.
enum OpenEvent {
  /// Opens an event to be counted.
  ///
  /// Throws: the refusal in words.
  static func counting(
    _ encoding: EventEncoding, pid: Int32, leader: OwnedDescriptor? = nil, permissions: EventPermissions
  ) throws(EventObstacle) -> OwnedDescriptor {
    var attribute = encoding.countingAttribute(isLeader: leader == nil)
    let result = hs_perf_open(&attribute, pid, -1, leader?.rawValue ?? -1)
    guard result >= 0 else {
      throw EventRefusal.explain(-result, permissions: permissions, wantsKernel: !encoding.excludesKernel)
    }
    return OwnedDescriptor(result)
  }

  /// Opens a group of hardware events. A member that does not fit, since a counter is taken for good (the NMI
  /// watchdog's), counts on its own.
  static func group(
    _ encodings: [EventEncoding], pid: Int32, permissions: EventPermissions
  ) -> [Result<OwnedDescriptor, EventObstacle>] {
    var leader: OwnedDescriptor?
    return encodings.map { encoding in
      do throws(EventObstacle) {
        let descriptor: OwnedDescriptor
        if let leader,
          let member = try? counting(encoding, pid: pid, leader: leader, permissions: permissions)
        {
          descriptor = member
        } else {
          descriptor = try counting(encoding, pid: pid, permissions: permissions)
        }
        leader = leader ?? descriptor
        return .success(descriptor)
      } catch {
        return .failure(error)
      }
    }
  }

  /// Value, time enabled and time running; nil when the kernel gave the event up (an error state reads as nothing).
  static func reading(_ descriptor: OwnedDescriptor) -> CounterReading? {
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    let size = MemoryLayout.size(ofValue: words)
    guard read(descriptor.rawValue, &words, size) == size else { return nil }
    return CounterReading(value: words.0, enabled: words.1, running: words.2)
  }
}
