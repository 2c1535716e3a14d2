import Glibc
import Model

/// Reads variables of a process that waits in its exit stop, from /proc/PID/mem (proc_pid_mem(5)).
struct MemoryReader {
  private let memory: OwnedDescriptor
  private let maps: [UInt8]

  /// Opens a process's memory; nil when it may not be read.
  init?(pid: Int32) {
    guard let memory = try? OwnedDescriptor.open("/proc/\(pid)/mem", O_RDONLY),
      let maps = ProcText.bytes("/proc/\(pid)/maps")
    else { return nil }
    self.memory = memory
    self.maps = maps
  }

  /// The value at a place as text; nil when the file is not mapped or the address is not readable.
  func value(at place: MemoryLocation) -> String? {
    guard let start = place.isRelocated ? ProcessMaps.firstAddress(of: place.file, in: maps) : 0 else {
      return nil
    }
    let (address, overflows) = start.addingReportingOverflow(place.address)
    guard !overflows, let offset = off_t(exactly: address) else { return nil }
    switch place.kind {
    case .bool: return read(UInt8.self, at: offset).map { $0 == 0 ? "false" : "true" }
    case .int32: return read(Int32.self, at: offset).map(String.init)
    case .int64: return read(Int64.self, at: offset).map(String.init)
    case .double:
      return read(Double.self, at: offset).map {
        $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int64($0))" : "\($0)"
      }
    }
  }

  private func read<T: BitwiseCopyable>(_ type: T.Type, at offset: off_t) -> T? {
    var bytes = [UInt8](repeating: 0, count: MemoryLayout<T>.size)
    guard pread(memory.rawValue, &bytes, bytes.count, offset) == bytes.count else { return nil }
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) }
  }
}
