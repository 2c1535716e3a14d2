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

  @Option(
    name: .customLong("json"), help: "Also write the comparison as JSON to this file; - for standard output.")
  var json: String?

  @Option(help: "Also write it as Markdown to this file; - for standard output.")
  var markdown: String?

  @Flag(help: "Exit code 7 when a verdict that gates could not be reached.")
  var strict = false

  /// What the file says, or the standard.
  func thresholds() throws -> Thresholds {
    guard let thresholdsFile else { return .standard }
    return try ThresholdsReader.read(path: thresholdsFile, metrics: Measurement.definitions)
  }

  /// Fails early when a file cannot be written in the end.
  func checkWritable() throws {
    for path in [json, markdown].compactMap({ $0 }) where path != "-" { try OutputFile.check(path) }
  }

  /// Prints it and writes every file that was asked for.
  func write(_ result: Model.ComparisonResult, session: Session?, environment: [String: String]) throws {
    let options = ReportOptions(
      width: Terminal.width(environment), colour: Terminal.usesColour(environment))
    Terminal.output(SentenceText.text(result, options: options))
  }
}
