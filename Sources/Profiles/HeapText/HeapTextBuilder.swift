import Model

/// Puts stacks of a text profile together: places once, values unsampled.
struct HeapTextBuilder {
  private let format: HeapProfileFormat
  private let sampling: HeapSampling
  private var places: [RawHeapProfile.Place] = []
  private var indices: [UInt64: Int] = [:]
  private var stacks: [(stack: [Int], live: [Double], allocated: [Double])] = []
  /// Names that the file itself has, by the address within the call.
  var frames: [UInt64: [Frame]] = [:]
  /// Addresses that are no frame at the end of a stack.
  var ends: Set<UInt64> = []
  private var mappings: [RawHeapProfile.Mapping] = []
  /// Behind the last mapping that the file lists, those without a file included; nil for a file without any.
  private var lastMapped: UInt64?

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

  /// Takes a line of the list of mapped files.
  mutating func takeMapping(_ line: Substring) {
    if let end = HeapLine.end(ofMapping: line) { lastMapped = max(lastMapped ?? 0, end) }
    if let mapping = HeapLine.mapping(line) { mappings.append(mapping) }
  }

  /// The profile. What was allocated since the start has columns only where the program recorded it.
  ///
  /// Throws: `ProfilesError.damaged` when the list of mapped files ends before the code that the stacks name.
  func finished(of text: ProfileText, notes: [String]) throws(ProfilesError) -> RawHeapProfile {
    // The list is in order of addresses, so that what is missing is its end.
    if let lastMapped, places.contains(where: { $0.address >= lastMapped }) {
      throw text.cut("within its list of mapped files, which has no place for some addresses")
    }
    var notes = notes
    if !text.isWhole {
      notes.append("its last line has no end: if the file was cut there, no figure is missing")
    }
    return profile(notes: notes)
  }

  private func profile(notes: [String]) -> RawHeapProfile {
    let hasAllocated = stacks.contains { $0.allocated.contains { $0 > 0 } }
    let names: [HeapColumn] = hasAllocated ? HeapColumn.allCases : [.liveObjects, .liveBytes]
    let provenance: Provenance = sampling == .all ? .counted : .sampled
    return RawHeapProfile(
      format: format, columns: names.map { $0.column(provenance, how: sampling.words) },
      mappings: mappings,
      places: places.map { .init(address: $0.address, frames: frames[$0.address] ?? []) },
      samples: stacks.map {
        .init(stack: framed($0.stack), values: $0.live + (hasAllocated ? $0.allocated : []))
      },
      notes: notes + (hasAllocated || stacks.isEmpty ? [] : [missing]))
  }

  private func framed(_ stack: [Int]) -> [Int] {
    guard let last = stack.last, ends.contains(places[last].address) else { return stack }
    return Array(stack.dropLast())
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
