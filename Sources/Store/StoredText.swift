import Foundation

/// Values of Model as text in a column.
enum StoredText {
  /// JSON with sorted keys, so that equal values give equal text.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Reads JSON back; `what` names it in the error.
  static func value<T: Decodable>(_ text: String, of what: @autoclosure () -> String) throws(StoreError) -> T
  {
    do {
      return try JSONDecoder().decode(T.self, from: Data(text.utf8))
    } catch {
      throw .undecodable(what: what(), detail: "\(error)")
    }
  }

  /// Text without NUL, which SQLite would take for its end; a symbol stands where it was.
  static func plain(_ text: String) -> String {
    text.utf8.contains(0) ? text.replacingOccurrences(of: "\0", with: "\u{2400}") : text
  }
}
