import Glibc

/// Reads the memory of another process, which may run meanwhile (proc_pid_mem(5)).
///
/// Whatever stands there is the program's: every number is taken as it is, and a place that cannot be read gives nil.
struct TargetMemory {
  private let descriptor: OwnedDescriptor

  /// Opens the memory of a process or thread by its folder under /proc; nil when it may not be read.
  init?(folder: String) {
    guard let descriptor = try? OwnedDescriptor.open("\(folder)/mem", O_RDONLY) else { return nil }
    self.descriptor = descriptor
  }

  /// The value at an address.
  func load<T: BitwiseCopyable>(_ type: T.Type, at address: UInt64) -> T? {
    withUnsafeTemporaryAllocation(byteCount: MemoryLayout<T>.size, alignment: MemoryLayout<T>.alignment) {
      buffer in
      read(into: buffer, at: address) == buffer.count ? buffer.loadUnaligned(as: T.self) : nil
    }
  }

  /// As many values as can be read from an address on, at most `limit`.
  func array<T: BitwiseCopyable>(of type: T.Type, at address: UInt64, limit: Int) -> [T] {
    withUnsafeTemporaryAllocation(of: T.self, capacity: limit) { buffer in
      let count = read(into: UnsafeMutableRawBufferPointer(buffer), at: address)
      return Array(buffer.prefix(count / MemoryLayout<T>.stride))
    }
  }

  /// Whether this text, with a zero behind it, stands at an address.
  func holds(_ text: StaticString, at address: UInt64) -> Bool {
    let length = text.utf8CodeUnitCount + 1  // the zero that ends a static string is compared as well
    return withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { buffer in
      read(into: buffer, at: address) == length
        && buffer.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: length))
    }
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer, at address: UInt64) -> Int {
    guard let offset = off_t(exactly: address) else { return 0 }
    while true {
      let count = pread(descriptor.rawValue, buffer.baseAddress, buffer.count, offset)
      if count < 0 && errno == EINTR { continue }
      return max(0, count)
    }
  }
}
