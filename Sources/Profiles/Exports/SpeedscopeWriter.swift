import Model

/// Profiles for speedscope.app, one `sampled` profile for each column.
///
/// Weights are bytes, times, or plain counts (`none`). The samples are call sites, not points of time: "Left Heavy"
/// is the view that fits.
/// Source: github.com/jlfwong/speedscope, "Importing from custom sources"; our schema of it is
/// `Schema/speedscope.schema.json`.
public enum SpeedscopeWriter {
  /// The file's text. `exporter` names the program and its version.
  ///
  /// Throws: `ProfilesError.unwritable` when a value is no number or a stack names a missing frame.
  public static func text(_ profile: StackProfile, exporter: String) throws(ProfilesError) -> String {
    for sample in profile.samples {
      guard sample.values.count == profile.columns.count,
        sample.stack.allSatisfy(profile.frames.indices.contains)
      else {
        throw .unwritable(format: "speedscope", reason: "a sample does not fit its columns and frames")
      }
    }
    let document = Document(
      schema: "https://www.speedscope.app/file-format-schema.json", name: profile.title, exporter: exporter,
      shared: Shared(frames: profile.frames.map(Place.init)),
      profiles: profile.columns.indices.map { Sampled(profile, column: $0) })
    do {
      return try PlainJSON.text(document)
    } catch {
      throw .unwritable(format: "speedscope", reason: "a value is no finite number")
    }
  }

  private struct Document: Encodable {
    let schema: String
    let name: String
    let exporter: String
    let shared: Shared
    let profiles: [Sampled]

    enum CodingKeys: String, CodingKey {
      case schema = "$schema"
      case name, exporter, shared, profiles
    }
  }

  private struct Shared: Encodable {
    let frames: [Place]
  }

  private struct Place: Encodable {
    let name: String
    let file: String?
    let line: Int?

    init(_ frame: Frame) {
      name = frame.function
      file = frame.sourceFile ?? (frame.object.isEmpty ? nil : frame.object)
      line = frame.sourceFile == nil ? nil : frame.line
    }
  }

  private struct Sampled: Encodable {
    let type = "sampled"
    let name: String
    let unit: String
    let startValue = 0.0
    let endValue: Double
    let samples: [[Int]]
    let weights: [Double]

    init(_ profile: StackProfile, column: Int) {
      // speedscope draws no negative widths (of a difference: what shrank), and what is 0 only costs room.
      let drawn = profile.samples.filter { !($0.values[column] <= 0) }
      name = "\(profile.columns[column].name) (\(profile.columns[column].provenance.rawValue))"
      unit = SpeedscopeWriter.unit(profile.columns[column].unit)
      samples = drawn.map { $0.stack.reversed() }
      weights = drawn.map { $0.values[column] }
      endValue = weights.reduce(0, +)
    }

    enum CodingKeys: String, CodingKey { case type, name, unit, startValue, endValue, samples, weights }
  }

  private static func unit(_ unit: MetricUnit) -> String {
    switch unit {
    case .bytes: "bytes"
    case .seconds: "seconds"
    case .nanoseconds: "nanoseconds"
    case .count, .ratio, .perSecond: "none"
    }
  }
}
