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
    for comment in wire.comment {
      let text = try text(comment)
      // What our own exports say of a column; other programs' comments are notes.
      if !describe(&columns, by: text) { notes.append(text) }
    }
    var result = RawHeapProfile(
      format: .pprof, columns: columns, mappings: try rawMappings(), places: places, samples: samples,
      notes: notes)
    if wire.hasPeriodType, wire.period > 0 {
      result.period = .init(
        event: try text(wire.periodType.type), unit: try text(wire.periodType.unit), count: wire.period)
    }
    return result
  }

  /// `resident (sampled): Pages that …`, as `PprofWriter` comments each column.
  private func describe(_ columns: inout [StackProfile.Column], by comment: String) -> Bool {
    for index in columns.indices {
      for provenance in Provenance.allCases {
        let start = "\(columns[index].name) (\(provenance.rawValue)): "
        guard comment.hasPrefix(start) else { continue }
        columns[index].provenance = provenance
        columns[index].explanation = String(comment.dropFirst(start.count))
        return true
      }
    }
    return false
  }

  private func labels(_ sample: WireSample) throws(ProfilesError) -> [StackProfile.Label]? {
    var labels: [StackProfile.Label] = []
    for label in sample.label {
      let unit = try text(label.numUnit)
      let isText = label.str != 0
      labels.append(
        .init(
          key: try text(label.key), text: isText ? try text(label.str) : nil,
          number: isText ? nil : label.num, unit: unit.isEmpty ? nil : unit))
    }
    return labels.isEmpty ? nil : labels
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
    return .init(
      stack: stack, values: zip(sample.value, scales).map { Double($0) * $1 }, labels: try labels(sample))
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
          sourceFile: source.isEmpty ? nil : source, line: line.line > 0 ? Int(clamping: line.line) : nil,
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
          file: try text(mapping.filename), buildID: PprofContents.buildID(try text(mapping.buildID))))
    }
    return result
  }

  /// Digits of a build-id; Go writes its own kind of identifier there, which no ELF note has.
  private static func buildID(_ text: String) -> String? {
    !text.isEmpty && text.allSatisfy(\.isHexDigit) ? text.lowercased() : nil
  }

  /// Whether every event is there: where the file says so of memory, and always in lists of goroutines and threads.
  private func isExact(_ name: String, _ known: HeapColumn?) -> Bool {
    (wire.period == 1 && known != nil) || name == "goroutine" || name == "threadcreate"
  }

  private func column(_ type: WireValueType) throws(ProfilesError) -> (StackProfile.Column, Double) {
    let name = try text(type.type)
    let known = HeapColumn.allCases.first { $0.pprofName == name }
    let (unit, factor) = PprofUnit.unit(try text(type.unit))
    let provenance: Provenance = isExact(name, known) ? .counted : .sampled
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
