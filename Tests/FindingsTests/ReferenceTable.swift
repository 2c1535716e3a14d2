import Foundation
import Testing

/// A table under `Reference/`, which a script beside it made with SciPy.
struct ReferenceTable {
  /// The lines without the head, split at commas.
  let rows: [[String]]

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let text = try String(contentsOf: folder.appending(path: "Reference/\(name).csv"), encoding: .utf8)
    rows = text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// A number of a field; nil where it is empty.
  static func number(_ field: String) throws -> Double? {
    if field.isEmpty { return nil }
    let number: Double = try #require(Double(field))
    return number
  }
}
