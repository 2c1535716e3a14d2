/// All report formats. A format is one file under `Formats/` and one line here; a test names what is missing.
public enum ReportRegistry {
  /// Every format, by name.
  public static let all: [any ReportFormat] = [
    BencherReport(),
    BenchstatReport(),
    CSVReport(),
    GitHubActionBenchmarkReport(),
    GitHubActionBenchmarkBiggerReport(),
    HTMLReport(),
    JSONReport(),
    MarkdownReport(),
    OpenMetricsReport(),
    ProcessesCSVReport(),
    PrometheusReport(),
    TerminalReport(),
    ValuesCSVReport(),
  ]

  /// The format of a name.
  ///
  /// Throws: `ReportError.unknownFormat` with the names there are.
  public static func format(named name: String) throws(ReportError) -> any ReportFormat {
    guard let format = all.first(where: { $0.id == name }) else {
      throw ReportError.unknownFormat(name, known: all.map(\.id))
    }
    return format
  }
}
