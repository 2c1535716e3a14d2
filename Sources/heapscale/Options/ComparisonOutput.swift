import ArgumentParser
import Experiments
import Foundation
import Model
import Reports

/// How a comparison is judged, printed and written.
struct ComparisonOutputOptions: ParsableArguments {
  @Option(
    name: .customLong("thresholds"),
    help: "A YAML file with what may change, by workload, variant and metric, and what gates.")
  var thresholdsFile: String?

  @Option(help: "Also write the comparison as JSON to this file; - for standard output.")
  var json: String?

  @Option(help: "Also write it as Markdown to this file; - for standard output.")
  var markdown: String?

  @Option(help: "Also write it as JUnit XML to this file; - for standard output.")
  var junit: String?

  @Flag(
    help:
      "Also print GitHub annotations, and add the summary to the file that $GITHUB_STEP_SUMMARY names.")
  var github = false

  /// What the file says, or the standard.
  func thresholds() throws -> Thresholds {
    guard let thresholdsFile else { return .standard }
    return try ThresholdsReader.read(path: thresholdsFile, metrics: Measurement.definitions)
  }

  private var files: [(format: String, path: String)] {
    [("json", json), ("markdown", markdown), ("junit", junit)].compactMap { format, path in
      path.map { (format, $0) }
    }
  }

  /// Fails early when a file cannot be written in the end.
  func checkWritable() throws {
    for file in files where file.path != "-" { try OutputFile.check(file.path) }
  }

  /// Prints it and writes every file that was asked for; what goes to standard output (`-`) takes the table's place.
  /// Annotations point to the thresholds, or to the plan's file.
  func write(
    _ result: Model.ComparisonResult, session: Session?, environment: [String: String], plan: String? = nil
  ) throws {
    let place = (thresholdsFile ?? plan).map { InputError.Location(file: $0, line: 1, column: 1) }
    let options = ComparisonOptions(
      width: Terminal.width(environment), colour: Terminal.usesColour(environment), place: place)
    func text(_ format: String) throws -> String {
      try ComparisonRegistry.format(named: format).render(result, session: session, options: options)
    }
    if !files.contains(where: { $0.path == "-" }) { Terminal.output(try text("terminal")) }
    for file in files {
      if file.path == "-" {
        Terminal.output(try text(file.format))
      } else {
        try OutputFile.write(try text(file.format), to: file.path)
      }
    }
    guard github else { return }
    Terminal.output(try text("github"), obeysWorkflowCommands: true)
    // Steps of a job share the file: it is added to, never replaced.
    if let path = environment["GITHUB_STEP_SUMMARY"] {
      try OutputFile.append(try text("github-summary"), to: path)
    }
  }
}
