import Model

/// Puts stacks of a text profile together: places once, values unsampled.
struct HeapTextBuilder {
  private let format: HeapProfileFormat
  private let sampling: HeapSampling
  private var places: [RawHeapProfile.Place] = []
  private var indices: [UInt64: Int] = [:]
  private var stacks: [(stack: [Int], live: [Double], allocated: [Double])] = []
  /// Mapped files, in the order of the file.
  var mappings: [RawHeapProfile.Mapping] = []

  /// Begins a profile.
  init(format: HeapProfileFormat, sampling: HeapSampling) {
    self.format = format
    self.sampling = sampling
  }

  /// Adds a stack of return addresses.
  mutating func add(_ addresses: [UInt64], _ counts: HeapLine.Counts) {
    let stack = addresses.map { index(of: $0 &- ($0 > 0 ? 1 : 0)) }
    let parts = counts.parts.map { Double($0) }
    stacks.append((stack, scaled(parts[0], parts[1]), scaled(parts[2], parts[3])))
  }

  /// The profile. What was allocated since the start has columns only where the program recorded it.
  func finished(notes: [String]) -> RawHeapProfile {
    let hasAllocated = stacks.contains { $0.allocated.contains { $0 > 0 } }
    let names: [HeapColumn] = hasAllocated ? HeapColumn.allCases : [.liveObjects, .liveBytes]
    let provenance: Provenance = sampling == .all ? .counted : .sampled
    return RawHeapProfile(
      format: format, columns: names.map { $0.column(provenance, how: sampling.words) },
      mappings: mappings, places: places,
      samples: stacks.map { .init(stack: $0.stack, values: $0.live + (hasAllocated ? $0.allocated : [])) },
      notes: notes + (hasAllocated || stacks.isEmpty ? [] : [missing]))
  }

  private var missing: String {
    let remedy =
      format == .jemalloc ? "; prof_accum:true in MALLOC_CONF lets jemalloc record it" : ""
    return "the profile says nothing of what was allocated and freed again" + remedy
  }

  private func scaled(_ objects: Double, _ bytes: Double) -> [Double] {
    let scale = sampling.scale(objects: objects, bytes: bytes)
    return [objects * scale, bytes * scale]
  }

  private mutating func index(of address: UInt64) -> Int {
    if let known = indices[address] { return known }
    let index = places.count
    indices[address] = index
    places.append(.init(address: address))
    return index
  }
}
