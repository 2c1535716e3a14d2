/// Breaks prose into lines of a terminal.
enum Wrap {
  /// Lines of at most `width` columns, the first after `lead`, the others indented by `hang` columns.
  ///
  /// A word that is longer than a line stays whole, so that paths and commands can be copied.
  static func lines(_ text: String, width: Int, lead: String = "", hang: Int = 0) -> [String] {
    var lines: [String] = []
    var line = lead
    var used = DisplayWidth.of(lead)
    var isFresh = true
    for word in text.split(separator: " ") {
      let length = DisplayWidth.of(String(word))
      if !isFresh && used + 1 + length > width {
        lines.append(line)
        line = String(repeating: " ", count: hang)
        used = hang
        isFresh = true
      }
      line += (isFresh ? "" : " ") + word
      used += length + (isFresh ? 0 : 1)
      isFresh = false
    }
    lines.append(line)
    return lines
  }
}
