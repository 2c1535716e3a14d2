import Foundation
import Model

/// Everything that `heapscale profile` found out, as one JSON file, schema `heapscale-profile-result/1`: for programs, and
/// readable again by `heapscale profile --from`.
///
/// The schema stands in `Sources/Reports/Schema/heapscale-profile-result-1.schema.json`.
public enum ProfileResultFile {
  /// What the file says it is.
  public static let schema = "heapscale-profile-result/1"

  private struct Document: Codable {
    var schema: String
    var profile: ProfileResult
    var functions: FunctionTable
    var simulated: Simulated?
  }

  /// Stands apart from the profile, so that its figures have their provenance beside them.
  private struct Simulated: Codable {
    var provenance: Provenance
    var events: SimulatedEvents
  }

  /// The file's text; `functions` is the table of its functions.
  ///
  /// Throws: `ProfilesError.unwritable` when a value is no finite number.
  public static func text(_ result: ProfileResult, functions: FunctionTable) throws(ProfilesError) -> String {
    var document = Document(schema: schema, profile: result, functions: functions)
    document.simulated = result.simulated.map { Simulated(provenance: .simulated, events: $0) }
    document.profile.simulated = nil
    do {
      return try PlainJSON.text(document, keys: .convertToSnakeCase)
    } catch {
      throw .unwritable(format: schema, reason: "a value is no finite number")
    }
  }

  /// Reads what `text` wrote; `file` is its name for messages. The table of functions follows from the rest.
  ///
  /// Throws: `ProfilesError.damaged` when it is something else, or a stack does not fit its frames.
  public static func read(_ bytes: [UInt8], file: String) throws(ProfilesError) -> ProfileResult {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let document: Document
    do {
      document = try decoder.decode(Document.self, from: Data(bytes))
    } catch {
      throw .damaged(
        file: file,
        reason: """
          is no profile in heapscale's JSON (\(schema)), or is damaged; `heapscale profile --json FILE` writes one
          """)
    }
    guard document.schema == schema else {
      throw .damaged(file: file, reason: "is of another kind than \(schema): '\(document.schema.prefix(60))'")
    }
    var result = document.profile
    result.simulated = document.simulated?.events
    for profile in [result.growth, result.accesses].compactMap(\.self) + result.heaps {
      try check(profile, file: file)
    }
    return result
  }

  /// Throws: `ProfilesError.damaged` when a stack does not fit the profile's frames, or its values the columns.
  private static func check(_ profile: StackProfile, file: String) throws(ProfilesError) {
    guard !profile.columns.isEmpty else {
      throw .damaged(file: file, reason: "has a profile without columns")
    }
    for (index, sample) in profile.samples.enumerated() {
      guard sample.values.count == profile.columns.count,
        sample.stack.allSatisfy(profile.frames.indices.contains)
      else { throw .damaged(file: file, reason: "sample \(index + 1) does not fit its columns and frames") }
    }
  }
}
