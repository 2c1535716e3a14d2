import Foundation

/// JSON in which nothing can act: all that is not printable ASCII is escaped, and `<` too.
///
/// Direction marks and escape codes in names thus do nothing on a terminal, and tags nothing in a page.
enum PlainJSON {
  /// The value with its keys in order of the alphabet, on one line.
  static func text(
    _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = keys
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    var result = ""
    result.reserveCapacity(text.utf8.count + 1)
    // Keys and punctuation are plain, so that what is escaped here stands within a string.
    for scalar in text.unicodeScalars {
      if scalar.value >= 0x20, scalar.value < 0x7F, scalar != "<" {
        result.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 { result += escaped(unit) }
      }
    }
    return result + "\n"
  }

  private static func escaped(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
