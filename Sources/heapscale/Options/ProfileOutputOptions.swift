import ArgumentParser
import Foundation
import Model
import Profiles
import Reports

/// What a profile prints and writes.
struct ProfileOutputOptions: ParsableArguments {
  @OptionGroup var redaction: RedactionOption

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

  @Option(
    help:
      "The column that --collapsed writes, and that flame graph and pprof show first. (default: the first of bytes that matters)"
  )
  var column: String?

  @Option(
    help: ArgumentHelp(
      "Functions that match count as the allocator's, with all that they call: those who called them are the call sites. Repeatable.",
      valueName: "regex"))
  var fold: [String] = []

  @Option(
    help:
      "The same for known allocators inside programs, comma-separated: \(KnownAllocators.lists.map(\.name).joined(separator: ", "))."
  )
  var foldList: String?

  /// Fails early when a file cannot be written in the end.
  func checkWritable() throws {
    let paths = [json, csv, markdown, flamegraph, pprof, collapsed, speedscope].compactMap(\.self)
    for path in paths where path != "-" { try OutputFile.check(path) }
    if [flamegraph, pprof, speedscope].contains("-") {
      throw InputError("flame graphs, pprof and speedscope go to files", hint: "name one instead of -")
    }
    _ = try folding()
    let streams = paths.count { $0 == "-" }
    guard streams <= 1 else {
      throw InputError("\(streams) formats go to standard output", hint: "leave - to one of them")
    }
    if let top, !(1...100_000).contains(top) {
      throw InputError("--top \(top) is out of range", hint: "from 1 to 100000")
    }
  }

  /// What the options fold into the allocator.
  func folding() throws(InputError) -> FrameFolding {
    let lists = foldList?.split(separator: ",").map(String.init) ?? []
    return try FrameFolding(patterns: fold, lists: lists)
  }

  /// Prints the result and writes every file that was asked for.
  func write(_ result: ProfileResult, environment: [String: String]) throws {
    let result = try redaction.applied(to: try folding().apply(to: result))
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

  /// The formats of stacks: everything that was sampled or read, as columns of one profile.
  private func writeStacks(of result: ProfileResult) throws {
    let wanted = [flamegraph, pprof, collapsed, speedscope].compactMap(\.self)
    guard !wanted.isEmpty else { return }
    let heaps = result.heaps.map(\.beginningAtCallSites)
    let profiles = [result.growth].compactMap(\.self) + heaps + [result.accesses].compactMap(\.self)
    guard let profile = ProfileMerge.merged(profiles, title: "profile of " + result.title) else {
      throw InputError(
        "there are no stacks to write to \(wanted[0])", hint: "see what is not available, above")
    }
    let first = try chosenColumn(of: profile, besides: profiles[0])
    if let flamegraph { try put(try FlameGraphPage.html(profile, column: first.name), flamegraph) }
    if let speedscope {
      try put(try SpeedscopeWriter.text(profile, exporter: "heapscale \(Version.text)"), speedscope)
    }
    if let collapsed { try put(CollapsedStacks.text(profile, column: first.name) ?? "", collapsed) }
    if let pprof {
      let details = PprofDetails(
        startedAt: result.startedAt, duration: result.duration.seconds, comments: [result.title],
        defaultColumn: first.name)
      try OutputFile.write(bytes: try PprofWriter.bytes(profile, details: details), to: pprof)
    }
  }

  private func chosenColumn(of profile: StackProfile, besides first: StackProfile) throws(InputError)
    -> StackProfile.Column
  {
    let name = column ?? ProfilePage.column(of: first)
    guard let found = profile.columns.first(where: { $0.name == name }) else {
      throw InputError.unknown("column", name ?? "", among: profile.columns.map(\.name))
    }
    return found
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
    let table = join.finished().movingLast { column in
      ["", ProfileDifference.beforeSuffix, ProfileDifference.afterSuffix]
        .contains { column.name.hasSuffix("_objects" + $0) }
    }
    guard result.growth == nil, let heap = result.heaps.first, let name = ProfilePage.column(of: heap) else {
      return table
    }
    // What orders the call sites orders the functions.
    return (try? table.sorted(by: (result.heaps.count > 1 ? "heap." : "") + name)) ?? table
  }
}
