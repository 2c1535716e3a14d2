/// Foreign text in GitHub's Markdown, without any effect of its own.
enum MarkdownText {
  /// Text in which markup, HTML, table bars and mentions stay letters.
  static func prose(_ text: String) -> String {
    let pieces = Visible.text(text).split(separator: "@", omittingEmptySubsequences: false)
    return pieces.enumerated().map { index, piece in
      // GitHub notifies whom a page mentions; a comment in between keeps it from seeing a name.
      let isMention = index > 0 && piece.first.map { $0.isLetter || $0.isNumber } == true
      return (index == 0 ? "" : "@") + (isMention ? "<!-- -->" : "") + escaped(String(piece))
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.mappingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$": "\\\(scalar)"
      default: nil
      }
    }
  }

  /// Text as a code span, which shows it exactly; in a table a bar needs a backslash even there.
  static func code(_ text: String, inTable: Bool = false) -> String {
    let visible = Visible.text(text)
    guard !visible.isEmpty else { return "` `" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: visible) + 1)
    let pad = visible.unicodeScalars.first == "`" || visible.unicodeScalars.last == "`" ? " " : ""
    let body = inTable ? visible.mappingScalars { $0 == "|" ? "\\|" : nil } : visible
    return fence + pad + body + pad + fence
  }

  private static func longestRun(of wanted: Unicode.Scalar, in text: String) -> Int {
    var longest = 0
    var run = 0
    for scalar in text.unicodeScalars {
      run = scalar == wanted ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
