/// A system call that changed what is mapped into a process, and succeeded.
public struct AddressSpaceChange: Hashable, Sendable {
  /// What happened to the range.
  public enum Kind: Hashable, Sendable {
    /// Mapped anew (mmap, growth of the break). What was resident there before is gone.
    case mapped
    /// No longer mapped (munmap, shrinking of the break or by mremap).
    case unmapped
    /// Still mapped, but its pages were given back at once (madvise DONTNEED, DONTNEED_LOCKED, REMOVE).
    case discarded
    /// Still mapped; its pages go back when memory is short (madvise FREE).
    case discardedLazily
    /// Moved (mremap): the pages that were resident from this address on are now in the range.
    case moved(from: UInt64)
  }

  /// What happened.
  public var kind: Kind
  /// Process.
  public var pid: Int32
  /// Thread that made the call.
  public var tid: Int32
  /// When the call returned, CLOCK_MONOTONIC, ns.
  public var time: UInt64
  /// First address, at the beginning of a page.
  public var address: UInt64
  /// Length in bytes, whole pages.
  public var length: UInt64

  /// States a change.
  public init(kind: Kind, pid: Int32, tid: Int32, time: UInt64, address: UInt64, length: UInt64) {
    self.kind = kind
    self.pid = pid
    self.tid = tid
    self.time = time
    self.address = address
    self.length = length
  }
}
