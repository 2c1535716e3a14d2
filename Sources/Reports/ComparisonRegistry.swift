/// All formats of comparisons. A format is one file under `Comparisons/` and one line here; a test names what is missing.
public enum ComparisonRegistry {
  /// Every format, by name.
  public static let all: [any ComparisonFormat] = [
    GitHubComparison(),
    GitHubSummaryComparison(),
    JSONComparison(),
    JUnitComparison(),
    MarkdownComparison(),
    TerminalComparison(),
  ]

  /// The format of a name.
  ///
  /// Throws: `ReportError.unknownFormat` with the names there are.
  public static func format(named name: String) throws(ReportError) -> any ComparisonFormat {
    guard let format = all.first(where: { $0.id == name }) else {
      throw ReportError.unknownFormat(name, known: all.map(\.id))
    }
    return format
  }
}
