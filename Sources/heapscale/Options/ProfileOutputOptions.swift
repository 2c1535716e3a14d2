import ArgumentParser
import Foundation
import Model

/// What a profile prints and writes.
struct ProfileOutputOptions: ParsableArguments {
  @Option(help: "Also write everything as JSON to this file; - for standard output.")
  var json: String?

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  func checkWritable() throws {
    for path in [json].compactMap(\.self) where path != "-" { try OutputFile.check(path) }
  }

  func write(_ result: ProfileResult, environment: [String: String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    if let json {
      let text = String(decoding: try encoder.encode(result), as: UTF8.self)
      if json == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: json) }
    }
    guard let growth = result.growth else { return }
    for sample in growth.samples.sorted(by: { $0.values[0] > $1.values[0] }).prefix(5) {
      Terminal.output(
        "\(sample.values) " + sample.stack.map { growth.frames[$0].function }.joined(separator: " < ") + "\n")
    }
    Terminal.output("\(growth.totals) \(growth.quality as Any)\n\(result.notes)\n\(result.unavailable)\n")
  }
}
