import Model

/// Foreign text made harmless for places where control codes act: a terminal, a log, a web page.
public enum Visible {
  /// The text on one line, with everything that is not seen written out: `\n`, `\t`, `\u{1b}`; bytes
  /// that are no text: `\xff`.
  ///
  /// Written out are control codes, line separators and invisible formatting (right-to-left marks, zero
  /// width spaces), except the two joiners that emoji and some scripts need.
  public static func text(_ text: String) -> String {
    text.mappingScalars { isHidden($0) ? escaped($0) : nil }
  }

  /// Whether a scalar acts without being seen.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    case .format: return scalar != "\u{200C}" && scalar != "\u{200D}"
    case .privateUse: return ByteText.byte(of: scalar) != nil
    default: return false
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default:
      ByteText.byte(of: scalar).map { "\\x" + String($0, radix: 16) }
        ?? "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
}
