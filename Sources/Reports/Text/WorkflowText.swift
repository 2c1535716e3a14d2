/// Foreign text in workflow commands of GitHub Actions, `::error title=T::message`.
///
/// Escaped as the toolkit of GitHub does (`@actions/core`, command.ts): what is not escaped would end the property,
/// the message or the command.
enum WorkflowText {
  /// A message; line ends written by the caller stay line ends.
  static func message(_ lines: [String]) -> String {
    lines.map { data(Visible.text($0)) }.joined(separator: "%0A")
  }

  /// The value of a property.
  static func property(_ text: String) -> String {
    data(Visible.text(text)).mappingScalars { scalar in
      switch scalar {
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }

  private static func data(_ text: String) -> String {
    text.mappingScalars { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: nil
      }
    }
  }
}
