import Model
import Testing

@testable import Reports

@Suite struct ProfileReportTests {
  private let profile = ProfileSamples.profile
  private let hostile = ProfileSamples.hostile

  @Test(arguments: [80, 120]) func `call sites in a terminal stay as they were recorded`(width: Int) throws {
    let text = try ProfileReport.text(profile, sites: 10, options: ReportOptions(width: width))
    try Golden.expect(text, is: "profile-\(width).txt")
  }

  @Test func `the other formats of call sites stay as they were recorded`() throws {
    let options = ReportOptions(width: 100, colour: true)
    try Golden.expect(
      ProfileReport.text(profile, column: "faults", sites: 2, options: options), is: "profile-colour.txt")
    try Golden.expect(ProfileReport.markdown(profile), is: "profile.md")
    try Golden.expect(ProfileReport.csv(profile), is: "profile.csv")
  }

  @Test func `the table of functions stays as it was recorded`() throws {
    let table = ProfileSamples.table
    try Golden.expect(
      FunctionReport.text(table, rows: 20, options: ReportOptions(width: 120)), is: "functions-120.txt")
    try Golden.expect(
      FunctionReport.text(table, rows: 20, cumulative: true, options: ReportOptions(width: 70)),
      is: "functions-70.txt")
    try Golden.expect(FunctionReport.markdown(table, rows: 20), is: "functions.md")
    try Golden.expect(FunctionReport.csv(table), is: "functions.csv")
    try Golden.expect(FunctionReport.json(table), is: "functions.json")
  }

  @Test func `hostile names stay as harmless as they were recorded`() throws {
    let options = ReportOptions(width: 100)
    let table = ProfileSamples.hostileTable
    let texts = [
      ("hostile-profile.txt", try ProfileReport.text(hostile, sites: 10, options: options)),
      ("hostile-profile.md", try ProfileReport.markdown(hostile)),
      ("hostile-profile.csv", try ProfileReport.csv(hostile)),
      ("hostile-functions.txt", FunctionReport.text(table, rows: 20, options: options)),
      ("hostile-functions.md", FunctionReport.markdown(table, rows: 20)),
      ("hostile-functions.csv", FunctionReport.csv(table)),
      ("hostile-functions.json", FunctionReport.json(table)),
    ]
    for (name, text) in texts {
      #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}"), "\(name)")
      if name.hasSuffix(".md") || name.hasSuffix(".json") { #expect(!text.contains("\n<script"), "\(name)") }
      try Golden.expect(text, is: name)
    }
  }

  @Test func `a function of which nothing is known has a dash, not a zero`() {
    let text = FunctionReport.text(ProfileSamples.table, rows: 20, options: ReportOptions(width: 120))
    let line = text.split(separator: "\n").first { $0.contains("main  app") } ?? ""
    #expect(line.filter { $0 == "—" }.count == 4)
    #expect(!line.contains("0"))
    #expect(!FunctionReport.csv(ProfileSamples.table).contains("main,app,program,loads"))
  }

  @Test func `a call site is who asked for memory, not where in the allocator it was found`() throws {
    let choice = try ProfileChoice(profile, first: nil)
    let sites = CallSites(profile, choice: choice).sites
    #expect(sites.map(\.frame.function) == ["touch_all", "parse", "clear_page", "[unknown]", "[allocator]"])
    #expect(sites[1].values == [700 * 4096, 700])
    #expect(sites[1].stack.map(\.function) == ["parse", "load", "main", "_start"])
  }

  @Test func `no line of a page is wider than the terminal`() throws {
    for width in [60, 80, 120] {
      let options = ReportOptions(width: width)
      for text in [
        try ProfileReport.text(profile, options: options),
        FunctionReport.text(ProfileSamples.table, options: options),
      ] {
        for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= width, "\(line)") }
      }
    }
  }

  @Test func `an unknown column is named with those there are`() {
    let error = #expect(throws: ReportError.self) {
      try ProfileReport.text(profile, column: "residnet", options: ReportOptions())
    }
    #expect(error?.description.contains("did you mean 'resident'") == true)
  }

  @Test func `a profile without stacks says so`() throws {
    let empty = StackProfile(title: "empty", columns: ProfileSamples.columns)
    #expect(try ProfileReport.text(empty, options: ReportOptions()).contains("No stack was recorded."))
    #expect(try ProfileReport.csv(empty).split(separator: "\r\n").count == 1)
    let none = FunctionTable(title: "none", columns: [], rows: [])
    #expect(FunctionReport.text(none, options: ReportOptions()).contains("No function is known."))
  }
}
