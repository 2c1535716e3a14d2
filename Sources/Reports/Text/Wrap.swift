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

  /// Lines of items that are not broken inside, with a separator between them and at the end of full lines.
  static func items(_ items: [String], separator: String, width: Int, lead: String = "", hang: Int = 0)
    -> [String]
  {
    var lines: [String] = []
    var line = lead
    for (index, item) in items.enumerated() {
      let piece = item + (index + 1 < items.count ? separator : "")
      let isFresh = lines.isEmpty ? line == lead : DisplayWidth.of(line) == hang
      if !isFresh && DisplayWidth.of(line + item) > width {
        lines.append(line.trimmingTrailingSpaces)
        line = String(repeating: " ", count: hang)
      }
      line += piece
    }
    return lines + [line]
  }
}

extension String {
  /// The text without spaces at its end.
  var trimmingTrailingSpaces: String {
    var result = self
    while result.last == " " { result.removeLast() }
    return result
  }
}
