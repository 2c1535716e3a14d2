import Model
import SwiftProtobuf

/// Profiles as files for `go tool pprof` and everything else that reads perftools.profiles.
///
/// Each column is a sample type. Values are rounded to whole numbers, because the format knows no others. A
/// frame is a location of its own, with its function and line; addresses are not known any more.
/// Source: github.com/google/pprof, proto/profile.proto and doc/README.md.
public enum PprofWriter {
  /// The profile as a gzip stream.
  ///
  /// Throws: `ProfilesError.unwritable` when a sample's values or frames do not fit the profile's columns
  /// and frames, or zlib has no memory.
  public static func bytes(_ profile: StackProfile, details: PprofDetails = PprofDetails())
    throws(ProfilesError) -> [UInt8]
  {
    var message = PprofMessage(profile, details: details)
    try message.addSamples()
    do {
      return try Gzip.compress(message.wire.serializedBytes())
    } catch {
      throw .unwritable(format: "pprof", reason: (error as? Gzip.Failure)?.reason ?? "\(error)")
    }
  }
}

/// A profile on its way to the wire.
private struct PprofMessage {
  private let profile: StackProfile
  private(set) var wire = WireProfile()
  private var texts: [String: Int64] = ["": 0]
  private var mappings: [String: UInt64] = [:]
  private var functions: [[String]: UInt64] = [:]

  /// Everything but the samples.
  init(_ profile: StackProfile, details: PprofDetails) {
    self.profile = profile
    wire.stringTable = [""]
    wire.sampleType = profile.columns.map { type(PprofMessage.name($0.name), PprofUnit.name($0.unit)) }
    wire.defaultSampleType = text(
      PprofMessage.name(details.defaultColumn ?? profile.columns.first?.name ?? ""))
    wire.timeNanos = PprofMessage.whole((details.startedAt ?? 0) * 1e9)
    wire.durationNanos = PprofMessage.whole((details.duration ?? 0) * 1e9)
    if let period = details.period ?? profile.period {
      wire.periodType = type(period.event, period.unit)
      wire.period = period.count
    }
    let columns = profile.columns.map { "\($0.name) (\($0.provenance.rawValue)): \($0.explanation)" }
    for comment in [profile.title] + columns + profile.notes + details.comments {
      wire.comment.append(text(comment))
    }
    addMappings()
    for (index, frame) in profile.frames.enumerated() { add(frame, id: UInt64(index) + 1) }
  }

  /// Each stack once.
  mutating func addSamples() throws(ProfilesError) {
    for sample in profile.samples {
      guard sample.values.count == profile.columns.count,
        sample.stack.allSatisfy(profile.frames.indices.contains)
      else {
        throw .unwritable(format: "pprof", reason: "a sample does not fit its columns and frames")
      }
      var written = WireSample()
      written.locationID = sample.stack.map { UInt64($0) + 1 }
      written.value = sample.values.map(PprofMessage.whole)
      for label in sample.labels ?? [] { written.label.append(self.label(label)) }
      wire.sample.append(written)
    }
  }

  private mutating func label(_ label: StackProfile.Label) -> WireLabel {
    var written = WireLabel()
    written.key = text(label.key)
    if let words = label.text { written.str = text(words) }
    written.num = label.number ?? 0
    written.numUnit = text(label.unit ?? "")
    return written
  }

  /// Columns of heap profiles have the names that pprof's own options know.
  private static func name(_ column: String) -> String {
    HeapColumn(rawValue: column)?.pprofName ?? column
  }

  /// pprof takes the first mapping for the program's own: the file in which most stacks begin.
  private mutating func addMappings() {
    var roots: [String: Int] = [:]
    for root in profile.samples.compactMap(\.stack.last) where profile.frames.indices.contains(root) {
      roots[profile.frames[root].object, default: 0] += 1
    }
    let main = roots.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    for object in [main].compactMap({ $0 }) + profile.frames.map(\.object)
    where !object.isEmpty && mappings[object] == nil {
      var mapping = WireMapping()
      mapping.id = UInt64(mappings.count) + 1
      mapping.filename = text(object)
      // Without these pprof would look for symbols in the file.
      mapping.hasFunctions_p = true
      mapping.hasFilenames_p = true
      mapping.hasLineNumbers_p = true
      mapping.hasInlineFrames_p = true
      mappings[object] = mapping.id
      wire.mapping.append(mapping)
    }
  }

  private mutating func add(_ frame: Frame, id: UInt64) {
    var location = WireLocation()
    location.id = id
    location.mappingID = mappings[frame.object] ?? 0
    var line = WireLine()
    line.functionID = function(of: frame)
    line.line = Int64(frame.line ?? 0)
    location.line = [line]
    wire.location.append(location)
  }

  private mutating func function(of frame: Frame) -> UInt64 {
    let key = [frame.function, frame.object, frame.sourceFile ?? ""]
    if let known = functions[key] { return known }
    var function = WireFunction()
    function.id = UInt64(functions.count) + 1
    function.name = text(frame.function)
    function.systemName = function.name
    function.filename = text(frame.sourceFile ?? "")
    functions[key] = function.id
    wire.function.append(function)
    return function.id
  }

  private mutating func type(_ name: String, _ unit: String) -> WireValueType {
    var type = WireValueType()
    type.type = text(name)
    type.unit = text(unit)
    return type
  }

  private mutating func text(_ text: String) -> Int64 {
    if let known = texts[text] { return known }
    let index = Int64(wire.stringTable.count)
    texts[text] = index
    wire.stringTable.append(text)
    return index
  }

  /// The nearest whole number that the format can say.
  private static func whole(_ value: Double) -> Int64 {
    Int64(exactly: value.rounded()) ?? (value > 0 ? .max : value < 0 ? .min : 0)
  }
}
