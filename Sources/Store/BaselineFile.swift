import Foundation
import Model

/// Baselines as files: JSON with sorted keys and one value a line, so that a change shows as what it is.
public enum BaselineFile {
  /// A baseline as it is written.
  ///
  /// Throws: `StoreError.undecodable` when it holds what JSON cannot.
  public static func data(_ baseline: Baseline) throws(StoreError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(baseline) + Data("\n".utf8)
    } catch {
      throw .undecodable(what: "the baseline", detail: error.localizedDescription)
    }
  }

  /// Reads a baseline.
  ///
  /// Throws: `StoreError.undecodable` when it is none or cannot be read.
  public static func read(_ path: String) throws(StoreError) -> Baseline {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .undecodable(
        what: "the baseline '\(path)'", detail: "it cannot be read: \(String(cString: strerror(errno)))")
    }
    do {
      let baseline = try JSONDecoder().decode(Baseline.self, from: data)
      guard baseline.schema == Baseline.currentSchema else {
        throw StoreError.undecodable(
          what: "the baseline '\(path)'",
          detail: "its schema is '\(baseline.schema)' instead of '\(Baseline.currentSchema)'")
      }
      return baseline
    } catch let error as StoreError {
      throw error
    } catch {
      throw .undecodable(what: "the baseline '\(path)'", detail: "\(error)")
    }
  }
}
