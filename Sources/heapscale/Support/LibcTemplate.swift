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
  func write(_ output: OutputOptions, environment: [String: String]) throws {
    guard output.csv == nil else {
      throw InputError("the template libc has no CSV", hint: "--json has every figure of it")
    }
    let files = [("json", output.json), ("markdown", output.markdown)]
    for (format, path) in files {
      guard let path else { continue }
      let text = text(format)
      if path == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: path) }
    }
    guard !files.contains(where: { $0.1 == "-" }) else { return }
    Terminal.output(
      LibcReportText.terminal(report, session: session, options: try output.reportOptions(environment)))
  }

  private func text(_ format: String) -> String {
    format == "json"
      ? LibcReportText.json(report, session: session) : LibcReportText.markdown(report, session: session)
  }
}
