/// Which memory of processes is shared with others, as the records of mappings tell.
struct SharedMemory {
  private var regions: [Int32: [MappedRegion]] = [:]
  /// Beyond so many mappings of a process the oldest are forgotten.
  private static let most = 4096

  /// Takes the next record.
  mutating func take(_ record: EventRecord) {
    switch record {
    case .mapped(let region) where region.isShared:
      regions[region.pid, default: []].append(region)
      if regions[region.pid, default: []].count > SharedMemory.most { regions[region.pid]?.removeFirst() }
    case .mapped(let region):
      // Another mapping may have taken the place of a shared one.
      regions[region.pid]?.removeAll {
        $0.start < region.start &+ region.length && region.start < $0.start &+ $0.length
      }
    case .exec(let pid, _): regions[pid] = nil
    case .forked(let pid, let parent, _) where pid != parent: regions[pid] = regions[parent]
    default: break
    }
  }

  /// Whether an address of a process lies in shared memory, or in the kernel's.
  func holds(_ address: UInt64, pid: Int32) -> Bool {
    address >> 63 == 1
      || regions[pid]?.contains { address >= $0.start && address - $0.start < $0.length } == true
  }
}
