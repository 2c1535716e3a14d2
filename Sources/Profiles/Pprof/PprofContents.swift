import Model

/// A decoded pprof message on its way to a profile: every index and id is checked.
struct PprofContents {
  private let wire: WireProfile
  private let file: String
  private var mappings: [UInt64: WireMapping] = [:]
  private var functions: [UInt64: WireFunction] = [:]

  /// Prepares the tables of ids.
  init(_ wire: WireProfile, file: String) throws(ProfilesError) {
    self.wire = wire
    self.file = file
    guard !wire.sampleType.isEmpty else { throw damaged("has no sample types: no pprof profile?") }
    guard wire.stringTable.first == "" else { throw damaged("its table of texts is missing or damaged") }
    for mapping in wire.mapping { mappings[mapping.id] = mapping }
    for function in wire.function { functions[function.id] = function }
  }

  /// The profile with its places.
  func profile() throws(ProfilesError) -> RawHeapProfile {
    var places: [RawHeapProfile.Place] = []
    var indices: [UInt64: Int] = [:]
    for location in wire.location {
      indices[location.id] = places.count
      places.append(try place(location))
    }
    var scales: [Double] = []
    var columns: [StackProfile.Column] = []
    for type in wire.sampleType {
      let (column, factor) = try column(type)
      columns.append(column)
      scales.append(factor)
    }
    var samples: [RawHeapProfile.Sample] = []
    for sample in wire.sample { samples.append(try self.sample(sample, indices, scales)) }
    var notes: [String] = []
    for comment in wire.comment { notes.append(try text(comment)) }
    return RawHeapProfile(
      format: .pprof, columns: columns, mappings: try rawMappings(), places: places, samples: samples,
      notes: notes)
  }

  private func sample(_ sample: WireSample, _ indices: [UInt64: Int], _ scales: [Double])
    throws(ProfilesError) -> RawHeapProfile.Sample
  {
    guard sample.value.count == scales.count else {
      throw damaged("a sample has \(sample.value.count) values where there are \(scales.count) types")
    }
    var stack: [Int] = []
    for id in sample.locationID {
      guard let index = indices[id] else { throw damaged("a sample names location \(id), which is missing") }
      stack.append(index)
    }
    return .init(stack: stack, values: zip(sample.value, scales).map { Double($0) * $1 })
  }

  private func place(_ location: WireLocation) throws(ProfilesError) -> RawHeapProfile.Place {
    var object = ""
    if location.mappingID != 0 {
      guard let mapping = mappings[location.mappingID] else {
        throw damaged("location \(location.id) names mapping \(location.mappingID), which is missing")
      }
      object = try text(mapping.filename)
    }
    var frames: [Frame] = []
    for line in location.line {
      guard let function = functions[line.functionID] else {
        throw damaged("location \(location.id) names function \(line.functionID), which is missing")
      }
      let source = try text(function.filename)
      // Without a demangled name a tool writes only the linker's.
      let name = try text(function.name != 0 ? function.name : function.systemName)
      frames.append(
        Frame(
          function: name.isEmpty ? "[unknown]" : name, object: object,
          sourceFile: source.isEmpty ? nil : source, line: line.line > 0 ? Int(line.line) : nil,
          role: PprofContents.role(name)))
    }
    return .init(address: location.address, frames: frames)
  }

  /// Go's own allocator is known by its entry points, and our exports name what they folded.
  private static func role(_ name: String) -> Frame.Role {
    if name.isEmpty || name == "[unknown]" { return .unknown }
    return name == Frame.allocatorName || name == "runtime.mallocgc" ? .allocator : .program
  }

  private func rawMappings() throws(ProfilesError) -> [RawHeapProfile.Mapping] {
    var result: [RawHeapProfile.Mapping] = []
    for mapping in wire.mapping {
      result.append(
        .init(
          start: mapping.memoryStart, end: mapping.memoryLimit, fileOffset: mapping.fileOffset,
          file: try text(mapping.filename)))
    }
    return result
  }

  private func column(_ type: WireValueType) throws(ProfilesError) -> (StackProfile.Column, Double) {
    let name = try text(type.type)
    let known: HeapColumn? =
      switch name {
      case "inuse_objects": .liveObjects
      case "inuse_space": .liveBytes
      case "alloc_objects": .allocatedObjects
      case "alloc_space": .allocatedBytes
      default: nil
      }
    let (unit, factor) = PprofUnit.unit(try text(type.unit))
    let provenance: Provenance = wire.period == 1 ? .counted : .sampled
    if let known {
      let rate = wire.period > 0 ? "one in about \(wire.period) bytes sampled" : "sampled at an unknown rate"
      let how = provenance == .counted ? "every one recorded" : rate
      return (known.column(provenance, how: how), factor)
    }
    let column = StackProfile.Column(
      name: name, unit: unit, provenance: provenance, explanation: "as the file names it")
    return (column, factor)
  }

  private func text(_ index: Int64) throws(ProfilesError) -> String {
    guard let index = Int(exactly: index), wire.stringTable.indices.contains(index) else {
      throw damaged("a text with the number \(index) is missing")
    }
    return wire.stringTable[index]
  }

  private func damaged(_ reason: String) -> ProfilesError { .damaged(file: file, reason: reason) }
}
