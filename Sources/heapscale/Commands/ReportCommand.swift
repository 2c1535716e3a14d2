import ArgumentParser
import Foundation
import Model
import Reports
import Store

/// `heapscale report`: a page that one can send to a colleague.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "Writes stored sessions as HTML pages: verdicts, curves, every trial and the proof of what ran.",
    discussion: """
        heapscale report                       the last session, to Results/reports/SESSION.html
        heapscale report 20260102 --html page.html
        heapscale report 20260102 20260103     a page for each; with --html F one page of both, as from diff
        heapscale report --template libc       what libc, linkage and allocator change, apart from each other
        heapscale report --markdown table.md --csv values.csv

      A page is one file: it needs no network, opens from a disk or a mail, and says of itself what it may do \
      (Content-Security-Policy). Curves are drawn with the lowest and the highest reading of every stretch of time.
      """)

  @Argument(help: "Sessions: their names, the beginnings of them, or latest.")
  var sessions: [String] = ["latest"]

  @Option(help: "Write the page to this file; - for standard output.")
  var html: String?

  @Option(help: "Write the table as Markdown to this file; - for standard output.")
  var markdown: String?

  @Option(help: "Write the values as CSV to this file; - for standard output.")
  var csv: String?

  @Option(help: "Write everything as JSON (schema heapscale/2) to this file; - for standard output.")
  var json: String?

  @Option(help: "Metrics to show first, separated by commas; see `heapscale list metrics`.")
  var metrics: String?

  @Option(help: "Arrange the session by another question than which variant is best: libc.")
  var template: String?

  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      try checkFiles()
      let opened = try bench.openStore(store)
      let options = ReportOptions(metrics: metrics?.split(separator: ",").map { MetricID(String($0)) })
      if isDiff, let html {
        try DiffTemplate(old: sessions[0], new: sessions[1], in: opened).write(to: html, options: options)
        return
      }
      if let template {
        _ = try ReportTemplate(named: template)
        try writeLibc(opened, bench.folder.results, metrics: options.metrics)
        return
      }
      for name in sessions {
        let session = try opened.session(matching: name)
        let contents = try SessionReport.contents(of: session, in: opened)
        if files.isEmpty {
          let path = try ReportFolder.path(for: session, in: bench.folder.results)
          try OutputFile.write(try SessionPage.render(contents, options: options), to: path)
          Terminal.output(path + "\n")
        }
        for (format, path) in files {
          try write(
            format == "html"
              ? SessionPage.render(contents, options: options)
              : ReportRegistry.format(named: format).render(contents.result, options: options), to: path)
        }
      }
    }
  }

  private func writeLibc(_ opened: Store, _ results: String, metrics: [MetricID]?) throws {
    for name in sessions {
      let session = try opened.session(matching: name)
      let measured = try opened.analysis(of: session).measurements()
      let libc = try LibcTemplate(session, measured, metrics: metrics)
      guard files.isEmpty else { return try libc.write(files) }
      let path = try ReportFolder.path(for: session, in: results, kind: "-libc")
      try libc.write([("html", path)])
      Terminal.output(path + "\n")
    }
  }

  private var files: [(format: String, path: String)] {
    [("html", html), ("markdown", markdown), ("csv", csv), ("json", json)].compactMap { format, path in
      path.map { (format, $0) }
    }
  }

  /// Two sessions and a page: what changed from the one to the other.
  private var isDiff: Bool { sessions.count == 2 && template == nil && files.map(\.format) == ["html"] }

  private func checkFiles() throws {
    for file in files where file.path != "-" { try OutputFile.check(file.path) }
    guard sessions.count > 1, let first = files.first, !isDiff else { return }
    throw InputError(
      "--\(first.format) takes one session, not \(sessions.count)",
      hint: "leave it out for a page of each, or compare two sessions: heapscale diff OLD NEW")
  }

  private func write(_ text: String, to path: String) throws(OutputError) {
    if path == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: path) }
  }
}

/// Where pages go unless the user says where.
enum ReportFolder {
  /// The file of a session's page; its folder is made when it is missing.
  static func path(
    for session: Session, in results: String, kind: String = ""
  ) throws(OutputError) -> String {
    let folder = "\(results)/reports"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: folder, reason: error.localizedDescription)
    }
    return "\(folder)/\(session.id)\(kind).html"
  }
}
