import Foundation
import Model

/// Baselines as files: JSON with sorted keys and one value a line, so that a change shows as what it is.
public enum BaselineFile {
  /// A baseline as the text of its file.
  ///
  /// Throws: `StoreError.badDocument` for a value that JSON cannot hold.
  public static func text(of baseline: Baseline) throws(StoreError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(baseline), as: UTF8.self) + "\n"
    } catch {
      throw .badDocument(detail: "the baseline of session \(baseline.session) cannot be written: \(error)")
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
