import Glibc

@testable import Probes

/// A page with an inaccessible one behind it.
final class GuardedBytes {
  private let address: UnsafeMutableRawPointer
  private static let page = 4096

  struct NotMapped: Error {}

  init() throws {
    let size = GuardedBytes.page * 2
    guard let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      mprotect(address + GuardedBytes.page, GuardedBytes.page, PROT_NONE) == 0
    else { throw NotMapped() }
    self.address = address
  }

  deinit { munmap(address, GuardedBytes.page * 2) }

  /// Lays bytes so that the last one is the page's last.
  func place(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    let start = address + GuardedBytes.page - bytes.count
    start.copyMemory(from: bytes, byteCount: bytes.count)
    return UnsafeRawBufferPointer(start: start, count: bytes.count)
  }
}
