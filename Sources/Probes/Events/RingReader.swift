import CLinux
import Glibc

/// What lies in a ring between our place and the kernel's, in one piece or, around the ring's end, in two.
struct RingPieces {
  var first: Range<Int>
  var second: Range<Int>

  /// Bytes in both.
  var count: Int { first.count + second.count }

  /// Finds the pieces in a ring of `size` bytes, a power of two. `head` and `tail` grow without bound.
  ///
  /// Throws: `RecordDamage.ring` when they cannot belong to one ring.
  init(head: UInt64, tail: UInt64, size: Int) throws(RecordDamage) {
    let isPowerOfTwo = size > 0 && size & (size - 1) == 0
    guard isPowerOfTwo, head &- tail <= UInt64(size) else {
      throw .ring(head: head, tail: tail, size: size)
    }
    let count = Int(clamping: head &- tail)
    let start = Int(clamping: tail & UInt64(size - 1))
    let firstCount = min(count, size - start)
    first = start..<start + firstCount
    second = 0..<count - firstCount
  }
}

/// Takes bytes out of a ring that the kernel fills.
///
/// What lies between tail and head are whole records: the kernel moves the head only behind a finished one.
struct RingReader {
  let page: UnsafeMutablePointer<perf_event_mmap_page>
  let data: UnsafeRawBufferPointer

  /// Hands over what is there and then frees its room.
  ///
  /// Returns how many bytes there were. Throws: `RecordDamage.ring`; the ring is emptied then.
  func take(
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
  ) throws(RecordDamage) -> Int {
    let head = hs_perf_ring_head(page)
    let tail = hs_perf_ring_tail(page)
    guard head != tail else { return 0 }
    defer { hs_perf_ring_consume(page, head) }
    let pieces = try RingPieces(head: head, tail: tail, size: data.count)
    body(
      UnsafeRawBufferPointer(rebasing: data[pieces.first]),
      UnsafeRawBufferPointer(rebasing: data[pieces.second]))
    return pieces.count
  }
}

/// The mapped ring of one CPU, and the event that owns it.
final class EventRing {
  let cpu: Int
  let owner: OwnedDescriptor
  let reader: RingReader
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// Maps a ring of `bytes` (a power of two of pages) for an event; a failure is a negative errno.
  static func map(owner: OwnedDescriptor, cpu: Int, bytes: Int) -> Result<EventRing, MapFailure> {
    let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
    let length = bytes + pageBytes
    let address = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, owner.rawValue, 0)
    guard let address, Int(bitPattern: address) != -1 else { return .failure(MapFailure(errno: errno)) }
    return .success(
      EventRing(cpu: cpu, owner: owner, mapping: address, pageBytes: pageBytes, mappedBytes: length))
  }

  /// Why a ring was refused.
  struct MapFailure: Error { var errno: Int32 }

  private init(
    cpu: Int, owner: OwnedDescriptor, mapping: UnsafeMutableRawPointer, pageBytes: Int, mappedBytes: Int
  ) {
    self.cpu = cpu
    self.owner = owner
    self.mapping = mapping
    self.mappedBytes = mappedBytes
    reader = RingReader(
      page: mapping.assumingMemoryBound(to: perf_event_mmap_page.self),
      data: UnsafeRawBufferPointer(start: mapping + pageBytes, count: mappedBytes - pageBytes))
  }

  /// Bytes for records.
  var bytes: Int { reader.data.count }

  deinit { munmap(mapping, mappedBytes) }
}
