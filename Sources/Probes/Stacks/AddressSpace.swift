/// What is mapped where in one process, at the moment up to which records were read.
struct AddressSpace {
  /// Code only, sorted by address, without overlaps.
  private(set) var regions: [MappedRegion] = []
  /// Changes with every mapping.
  private(set) var generation = 0

  /// A new mapping takes the place of what was there. Only what it touches is moved: a profile may list hundreds of thousands.
  mutating func map(_ region: MappedRegion) {
    let end = region.start &+ region.length
    guard region.length > 0, end > region.start else { return }
    var low = firstIndex(from: region.start)
    if low > 0, regions[low - 1].start &+ regions[low - 1].length > region.start { low -= 1 }
    let high = max(low, firstIndex(from: end))
    var parts: [MappedRegion] = []
    for old in regions[low..<high] where old.start < region.start {
      parts.append(old.part(from: old.start, to: min(old.start &+ old.length, region.start)))
    }
    if region.isExecutable { parts.append(region) }
    for old in regions[low..<high] where old.start &+ old.length > end {
      parts.append(old.part(from: max(old.start, end), to: old.start &+ old.length))
    }
    guard Array(regions[low..<high]) != parts else { return }
    regions.replaceSubrange(low..<high, with: parts)
    generation += 1
  }

  /// Index of the first region that starts at an address or behind it, by halves.
  private func firstIndex(from address: UInt64) -> Int {
    var low = 0
    var high = regions.count
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].start < address { low = middle + 1 } else { high = middle }
    }
    return low
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
