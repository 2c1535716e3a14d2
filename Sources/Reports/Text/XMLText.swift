/// Elements of XML 1.0 with foreign text in them.
enum XMLText {
  /// Text that can stand between tags and in an attribute.
  static func escaped(_ text: String) -> String {
    Visible.text(text).mappingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      // The only scalars that are neither hidden nor a `Char` of XML 1.0 (section 2.2).
      case "\u{FFFE}": "\\u{fffe}"
      case "\u{FFFF}": "\\u{ffff}"
      default: nil
      }
    }
  }

  /// A start tag up to its end, without `>`; attributes without value are left out.
  static func tag(_ name: String, _ attributes: [(name: String, value: String?)]) -> String {
    let written = attributes.compactMap { attribute in
      attribute.value.map { " \(attribute.name)=\"\(escaped($0))\"" }
    }
    return "<" + name + written.joined()
  }

  /// An element with lines of text.
  static func element(
    _ name: String, _ attributes: [(name: String, value: String?)] = [], lines: [String], indent: String
  ) -> String {
    indent + tag(name, attributes) + ">" + lines.map(escaped).joined(separator: "\n") + "</\(name)>"
  }
}
