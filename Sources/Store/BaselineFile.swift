import Foundation
import Model

/// Baselines as files: JSON with sorted keys and one value a line, so that a change shows as what it is.
public enum BaselineFile {
  /// Writes a baseline beside its place and renames it, so that a file is whole or not there.
  ///
  /// Throws: `StoreError.inputOutput` when it cannot be written.
  public static func write(_ baseline: Baseline, to path: String) throws(StoreError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try (try encoder.encode(baseline) + Data("\n".utf8)).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .inputOutput(path: path, detail: error.localizedDescription)
    }
  }

  /// Reads a baseline.
  ///
  /// Throws: `StoreError.badDocument` when it is none.
  public static func read(_ path: String) throws(StoreError) -> Baseline {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .inputOutput(path: path, detail: "it cannot be read")
    }
    do {
      let baseline = try JSONDecoder().decode(Baseline.self, from: data)
      guard baseline.schema == Baseline.currentSchema else {
        throw StoreError.badDocument(
          detail: "its schema is '\(baseline.schema)' instead of '\(Baseline.currentSchema)'")
      }
      return baseline
    } catch let error as StoreError {
      throw error
    } catch {
      throw .badDocument(detail: "'\(path)' is no baseline: \(error)")
    }
  }
}
