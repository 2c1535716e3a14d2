import Model

/// How a metric went over sessions, for a terminal and for programs.
public enum TrendText {
  /// A line for each session of each series, or for each series where there are many; then what not to rely on.
  ///
  /// Of the options only width and colour apply.
  public static func terminal(_ trend: Trend, options: ReportOptions) -> String {
    TrendTerminal(trend: trend, options: options).lines.map { $0.replacing("\u{A0}", with: " ") }
      .map(\.trimmingTrailingSpaces).joined(separator: "\n") + "\n"
  }

  /// Schema `heapscale-trend/1`, in the metric's unit; changes are shares:
  ///
  ///     {"schema", "metric", "title", "unit", "better",
  ///      "series": [{"workload", "parameters", "variant", "settings", "machine",
  ///                  "points": [{"session", "started", "trials", "median", "low", "high",
  ///                              "since_before", "since_first", "differs", "changes"}]}],
  ///      "measured_once", "warnings"}
  ///
  /// `since_before` and `since_first` are effects as in heapscale-comparison/1, or null; `differs` says whether the
  /// session differs measurably from the one before, null where that is not known.
  public static func json(_ trend: Trend) -> String { TrendJSON.document(trend).text() + "\n" }
}

/// Names of what a series is about.
struct TrendNames {
  private let subjects: SubjectNames

  init(_ trend: Trend) { subjects = SubjectNames(trend.series.map(\.cell.subject)) }

  /// `larson threads=4 on glibc/preload/jemalloc with tight`.
  func name(_ series: TrendSeries) -> String {
    let cell = series.cell
    let settings = cell.settings.name == SettingsSet.none.name ? "" : " with \(cell.settings.name)"
    return "\(subjects.name(of: cell.subject)) on \(cell.variant.shortName)\(settings)"
  }
}
