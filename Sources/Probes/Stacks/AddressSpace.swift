/// What is mapped where in one process, at the moment up to which records were read.
struct AddressSpace {
  /// Code only, sorted by address, without overlaps.
  private(set) var regions: [MappedRegion] = []
  /// Changes with every mapping.
  private(set) var generation = 0

  /// A new mapping takes the place of what was there.
  mutating func map(_ region: MappedRegion) {
    let end = region.start &+ region.length
    guard region.length > 0, end > region.start else { return }
    let before = regions
    regions.removeAll(keepingCapacity: true)
    for old in before {
      let oldEnd = old.start &+ old.length
      if old.start < region.start { regions.append(old.part(from: old.start, to: min(oldEnd, region.start))) }
      if oldEnd > end { regions.append(old.part(from: max(old.start, end), to: oldEnd)) }
    }
    if region.isExecutable { regions.append(region) }
    regions.sort { $0.start < $1.start }
    if regions != before { generation += 1 }
  }

  /// The mapping at an address.
  func region(at address: UInt64) -> MappedRegion? {
    var low = 0
    var high = regions.count
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address - regions[low - 1].start < regions[low - 1].length else { return nil }
    return regions[low - 1]
  }
}

extension MappedRegion {
  /// A part of the mapping, by addresses that lie in it.
  fileprivate func part(from first: UInt64, to end: UInt64) -> MappedRegion {
    var result = self
    result.start = first
    result.length = end - first
    result.fileOffset = fileOffset &+ (first - start)
    return result
  }
}
