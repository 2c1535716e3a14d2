import Model

/// What a comparison found, in words, for the head of a terminal report.
public enum SentenceText {
  /// A line of foreign text without anything that a terminal would obey.
  public static func plain(_ line: String) -> String { Visible.text(line) }

  /// More than these nobody reads before a table.
  private static let most = 10

  /// The most important sentences, then what not to rely on, wrapped to the width; an empty line at the end.
  ///
  /// Over several workloads the means say it; what each workload shows stands in the tables below.
  public static func text(_ comparison: ComparisonResult, options: ReportOptions) -> String {
    let paint = Paint(isOn: options.colour)
    let means = comparison.sentences.filter { $0.hasPrefix("Over ") }
    let told = means.isEmpty ? comparison.sentences : means
    var sentences = told.prefix(most).flatMap {
      Wrap.lines(Visible.text($0), width: options.width, lead: "", hang: 2)
    }
    if told.count > most { sentences.append("… and \(told.count - most) more; see the tables below") }
    let doubts = comparison.warnings.flatMap {
      Wrap.lines(Visible.text($0), width: options.width, lead: "! ", hang: 2)
    }
    let title = paint(Visible.text(comparison.title), .heading)
    return ([title] + sentences + doubts.map { paint($0, .faint) } + [""]).joined(separator: "\n") + "\n"
  }
}
