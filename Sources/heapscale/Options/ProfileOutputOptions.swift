import ArgumentParser
import Foundation
import Model
import Profiles
import Reports

/// What a profile prints and writes.
struct ProfileOutputOptions: ParsableArguments {
  @Option(help: "How many call sites are shown, and twice as many functions. (default: those above 0.5 %)")
  var top: Int?

  @Option(help: "The column that orders the functions; see their table for names. (default: the first)")
  var sort: String?

  @Flag(help: "In the table of functions, count what a function called as well.")
  var cumulative = false

  @Option(help: "Also write everything as JSON to this file; --from reads it again. - for standard output.")
  var json: String?

  @Option(help: "Also write the table of functions as CSV to this file; - for standard output.")
  var csv: String?

  @Option(help: "Also write the tables as Markdown to this file; - for standard output.")
  var markdown: String?

  @Option(help: "Also write a flame graph, an HTML page that needs nothing else, to this file.")
  var flamegraph: String?

  @Option(help: "Also write the stacks for `go tool pprof` (gzip) to this file.")
  var pprof: String?

  @Option(help: "Also write collapsed stacks, one line each, to this file; - for standard output.")
  var collapsed: String?

  @Option(help: "Also write the stacks for https://www.speedscope.app (JSON) to this file.")
  var speedscope: String?

  @Option(help: "Also run the program under `perf record`, which writes its perf.data to this file.")
  var perfData: String?

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  /// Fails early when a file cannot be written in the end.
  func checkWritable() throws {
    let paths = [json, csv, markdown, flamegraph, pprof, collapsed, speedscope, perfData].compactMap(\.self)
    for path in paths where path != "-" { try OutputFile.check(path) }
    if [flamegraph, pprof, speedscope, perfData].contains("-") {
      throw InputError(
        "flame graphs, pprof, speedscope and perf.data go to files", hint: "name one instead of -")
    }
    let streams = paths.count { $0 == "-" }
    guard streams <= 1 else {
      throw InputError("\(streams) formats go to standard output", hint: "leave - to one of them")
    }
    if let top, !(1...100_000).contains(top) {
      throw InputError("--top \(top) is out of range", hint: "from 1 to 100000")
    }
  }

  /// Prints the result and writes every file that was asked for.
  func write(_ result: ProfileResult, environment: [String: String]) throws {
    var functions = ProfiledFunctions.table(of: result)
    if let sort { functions = try functions.sorted(by: sort, cumulative: cumulative) }
    let page = ProfilePage(result, functions: functions, sites: top, cumulative: cumulative)
    if ![json, csv, markdown, collapsed].contains("-") {
      let options = ReportOptions(
        width: Terminal.width(environment), colour: Terminal.usesColour(environment))
      Terminal.output(try page.text(options: options))
    }
    if let json { try put(try ProfileResultFile.text(result, functions: functions), json) }
    if let csv { try put(FunctionReport.csv(functions), csv) }
    if let markdown { try put(try page.markdown(), markdown) }
    try writeStacks(of: result)
  }

  /// The formats of stacks: of the growth, or where there is none of what was sampled or read.
  private func writeStacks(of result: ProfileResult) throws {
    let wanted = [flamegraph, pprof, collapsed, speedscope].compactMap(\.self)
    guard !wanted.isEmpty else { return }
    guard let profile = [result.growth, result.accesses].compactMap(\.self).first ?? result.heaps.first else {
      throw InputError(
        "there are no stacks to write to \(wanted[0])", hint: "see what is not available, above")
    }
    if let flamegraph { try put(try FlameGraphPage.html(profile), flamegraph) }
    if let speedscope {
      try put(try SpeedscopeWriter.text(profile, exporter: "heapscale \(Version.text)"), speedscope)
    }
    if let collapsed {
      try put(CollapsedStacks.text(profile, column: profile.columns[0].name) ?? "", collapsed)
    }
    if let pprof {
      let details = PprofDetails(
        startedAt: result.startedAt, duration: result.duration.seconds, comments: [result.title])
      try OutputFile.write(bytes: try PprofWriter.bytes(profile, details: details), to: pprof)
    }
  }

  private func put(_ text: String, _ path: String) throws {
    if path == "-" { Terminal.output(text) } else { try OutputFile.write(text, to: path) }
  }
}

/// The functions of all profiles side by side.
enum ProfiledFunctions {
  static func table(of result: ProfileResult) -> FunctionTable {
    var join = FunctionJoin(title: "Functions")
    if let growth = result.growth { join.add(growth, charge: .caller) }
    for heap in result.heaps {
      join.add(heap, charge: .caller, prefix: result.heaps.count > 1 ? "heap." : "")
    }
    if let accesses = result.accesses { join.add(accesses, charge: .innermost, prefix: "sampled.") }
    if let simulated = result.simulated { join.add(simulated) }
    // Numbers of objects are read last, if there is room for them at all.
    return join.finished().movingLast { $0.name.hasSuffix("_objects") }
  }
}
