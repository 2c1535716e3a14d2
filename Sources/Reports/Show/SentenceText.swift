import Model

/// What a comparison found, in words, for the head of a terminal report.
public enum SentenceText {
  /// A line of foreign text without anything that a terminal would obey.
  public static func plain(_ line: String) -> String { Visible.text(line) }

  /// Sentences, then what not to rely on, wrapped to the width; an empty line at the end.
  public static func text(_ comparison: ComparisonResult, options: ReportOptions) -> String {
    let paint = Paint(isOn: options.colour)
    let sentences = comparison.sentences.flatMap {
      Wrap.lines(Visible.text($0), width: options.width, lead: "", hang: 2)
    }
    let doubts = (comparison.warnings + comparison.noise).flatMap {
      Wrap.lines(Visible.text($0), width: options.width, lead: "! ", hang: 2)
    }
    let title = paint(Visible.text(comparison.title), .heading)
    return ([title] + sentences + doubts.map { paint($0, .faint) } + [""]).joined(separator: "\n") + "\n"
  }
}
