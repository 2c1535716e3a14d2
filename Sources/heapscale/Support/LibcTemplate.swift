import Findings
import Foundation
import Model
import Reports

/// How a report is arranged, other than by workload.
enum ReportTemplate: String, CaseIterable {
  /// By libc and linkage: the effects of libc, linkage and allocator, apart from each other.
  case libc

  /// The template of a name.
  ///
  /// Throws: `InputError` with the names there are.
  init(named name: String) throws(InputError) {
    guard let known = ReportTemplate(rawValue: name) else {
      throw InputError.unknown("template", name, among: ReportTemplate.allCases.map(\.rawValue))
    }
    self = known
  }
}

/// Prints and writes a session arranged by libc and linkage.
struct LibcTemplate {
  let session: Session
  let report: LibcReport

  /// Takes a session's measurements apart.
  ///
  /// Throws: `FindingsError` where no two variants differ in one thing alone, and for an unknown metric.
  init(_ session: Session, _ measured: Measurements, metrics: [MetricID]?) throws {
    self.session = session
    report = try LibcEffects.report(measured, artifacts: session.artifacts, metrics: metrics)
  }

  /// Prints it, unless a file goes to standard output, and writes every file that was asked for.
  ///
  /// Throws: `InputError` for a table of values, which this template does not have.
  func show(_ output: OutputOptions, environment: [String: String]) throws {
    let files = [
      ("html", output.html), ("json", output.json), ("markdown", output.markdown), ("csv", output.csv),
    ].compactMap { format, path in path.map { (format: format, path: $0) } }
    try write(files)
    guard !files.contains(where: { $0.path == "-" }) else { return }
    Terminal.output(
      LibcReportText.terminal(report, session: session, options: try output.reportOptions(environment)))
  }

  /// Writes every file that was asked for.
  ///
  /// Throws: `InputError` for a table of values, which this template does not have.
  func write(_ files: [(format: String, path: String)]) throws {
    for (format, path) in files {
      let text = try text(format)
      if path == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: path) }
    }
  }

  private func text(_ format: String) throws -> String {
    switch format {
    case "html": try LibcPage.render(report, session: session)
    case "json": LibcReportText.json(report, session: session)
    case "markdown": LibcReportText.markdown(report, session: session)
    default:
      throw InputError(
        "the template libc has no \(format.uppercased())", hint: "--json has every figure of it")
    }
  }
}
