import Foundation
import Model

/// heapscale's own file of a profile, schema `heapscale-profile/1`: everything, and readable again.
///
/// The schema stands in `Sources/Reports/Schema/heapscale-profile-1.schema.json`.
public enum ProfileFile {
  /// What the file says it is.
  public static let schema = "heapscale-profile/1"

  private struct Document: Codable {
    var schema: String
    var profile: StackProfile
  }

  /// The file's text.
  ///
  /// Throws: `ProfilesError.unwritable` when a value is no finite number.
  public static func text(_ profile: StackProfile) throws(ProfilesError) -> String {
    do {
      return try PlainJSON.text(Document(schema: schema, profile: profile))
    } catch {
      throw .unwritable(format: schema, reason: "a value is no finite number")
    }
  }

  /// Reads what `text` wrote; `file` is its name for messages.
  ///
  /// Throws: `ProfilesError.damaged` when it is something else, or a stack does not fit its frames.
  public static func read(_ bytes: [UInt8], file: String) throws(ProfilesError) -> StackProfile {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(bytes))
    } catch {
      throw .damaged(file: file, reason: "is no profile in heapscale's JSON (\(schema)), or is damaged")
    }
    guard document.schema == schema else {
      throw .damaged(file: file, reason: "is of another kind than \(schema): '\(document.schema.prefix(60))'")
    }
    try check(document.profile, file: file)
    return document.profile
  }

  /// Throws: `ProfilesError.damaged` when a stack does not fit the profile's frames, or its values the columns.
  static func check(_ profile: StackProfile, file: String) throws(ProfilesError) {
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
