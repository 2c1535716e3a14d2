import Foundation
import Model
import Testing

@testable import Reports

@Suite struct HTMLHostileTests {
  /// A page in which every foreign text tries to do harm.
  private static let page = Result { () throws in
    let cells = HostileSession.result.cells
    var trials = TrialColumns()
    for (block, cell) in cells.enumerated() {
      trials.add(
        Trial(
          cellKey: cell.cell.key, block: block, position: 0, startedAt: 0,
          outcome: block == 2 ? .signal(11) : .ok,
          message: "</script><script>alert(1)</script>\u{2028}\(HostileSession.escape)", stderrTail: "",
          values: ["peak_resident": .value(4096, .counted)], series: nil, identity: .unknown, conditions: [:])
      )
    }
    var series = SampleTrial.series
    for index in series.marks.indices {
      series.marks[index].phase = HostileSession.script + HostileSession.reversed
    }
    let curves = cells.map { CellCurve(cellKey: $0.cell.key, block: 0, series: series, columns: 40) }
    let totals = EventTotals(instructions: 1, loads: .nan, stores: 1, d1Misses: 1, llMisses: 1)
    let cache = CacheGeometry.Cache(size: Bytes(32_768), ways: 8, line: Bytes(64))
    let simulations = [
      SimulationRecord(cellKey: cells[0].cell.key, events: nil, unavailable: HostileSession.script),
      SimulationRecord(
        cellKey: HostileSession.script,
        events: SimulatedEvents(
          tool: HostileSession.script, geometry: CacheGeometry(i1: cache, d1: cache, ll: cache),
          total: totals,
          allocator: totals, perOperation: totals, allocatorPerOperation: totals, operations: 1,
          functions: [],
          isDeterministic: nil, notes: [HostileSession.table])),
    ]
    var result = HostileSession.result
    result.session.simulations = simulations
    let contents = PageContents(
      result: result, comparisons: [HostileComparison.result], curves: curves, trials: trials)
    return try SessionPage.render(contents, options: ReportOptions())
  }

  @Test func `no foreign text acts on the page`() throws {
    let page = try HTMLHostileTests.page.get()
    #expect(!page.contains("<script>alert") && !page.contains("</script><script>alert"))
    for scalar in ["\u{1b}", "\u{202e}", "\u{2066}", "\u{2028}", "\u{7}"] { #expect(!page.contains(scalar)) }
    // Of ours: the data and the script.
    #expect(page.ranges(of: "<script").count == 2 && page.ranges(of: "</script>").count == 2)
  }

  @Test func `every name that tried is on the page, visible`() throws {
    let page = try HTMLHostileTests.page.get()
    for text in [
      HostileSession.script, HostileSession.reversed, HostileSession.formula, HostileSession.escape,
    ] {
      #expect(page.contains(Markup.escaped(text)))
    }
  }

  @Test func `a parser finds only our elements and attributes`() throws {
    let page = try HTMLHostileTests.page.get()
    let found = try HTMLHostileTests.parsed(page)
    let plain = try HTMLHostileTests.parsed(
      try SessionPage.render(try SyntheticPage.contents(settings: 2), options: ReportOptions()))
    // What the plain page has not, because it has neither doubts nor simulations.
    let more: Set<String> = ["sup", "sup.title", "dl", "dt", "dd", "br", "li", "ul.class"]
    #expect(found.subtracting(plain).subtracting(more) == [])
    #expect(found.contains("td.data-v") && found.contains("path.d"))
  }

  /// `element` and `element.attribute` of a page, in the eyes of Python's parser.
  private static func parsed(_ page: String) throws -> Set<String> {
    let script = """
      import sys
      from html.parser import HTMLParser
      found = set()
      class Reader(HTMLParser):
          def handle_starttag(self, tag, attributes):
              found.add(tag)
              found.update(f"{tag}.{name}" for name, _ in attributes)
      Reader().feed(sys.stdin.read())
      print("\\n".join(sorted(found)))
      """
    let output = try PythonSchema.run(["-c", script], input: page).output
    return Set(output.split(separator: "\n").map(String.init))
  }

  @Test func `the hostile page stays as harmless as it was recorded`() throws {
    try Golden.expect(HTMLPageTests.withoutAssets(try HTMLHostileTests.page.get()), is: "hostile-page.html")
  }
}
