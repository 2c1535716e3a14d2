import Foundation
import Model
import Testing

@testable import Reports

@Suite struct ProcessReportTests {
  @Test func `the processes of a session stay as they were recorded`() throws {
    let options = ReportOptions(width: 120)
    try Golden.expect(TerminalReport().render(SampleTree.result, options: options), is: "tree-120.txt")
    try Golden.expect(MarkdownReport().render(SampleTree.result, options: options), is: "tree.md")
    try Golden.expect(ProcessesCSVReport().render(SampleTree.result, options: options), is: "tree.csv")
    try Golden.expect(
      ShowReport.trial(
        SampleTree.trial, of: SampleTree.result.cells[1].cell,
        metrics: SampleTree.result.cells[1].metrics.map(\.definition), options: options), is: "show-tree.txt")
  }

  @Test func `a small tree is shown process by process with its branches`() {
    let rows = ProcessRows(ProcessTable(records: SampleTree.processes))
    #expect(!rows.isGrouped)
    #expect(rows.rows.map(\.depth) == [0, 1, 2, 2, 1, 1])
    #expect(
      rows.rows.map(\.name) == [
        "dash", "nginx: master", "nginx: worker", "nginx: worker", "sleep", "worker-musl",
      ])
    #expect(rows.rows.map(\.allocator).last == "musl ?")
    #expect(rows.rows.map(\.outcome).suffix(2) == ["not seen", "signal-9 (SIGKILL)"])
  }

  @Test func `a build is shown by kind, and no process is lost`() {
    let table = SampleTree.build
    #expect(table.records.count == ProcessTable.limit && table.count == 3000)
    let rows = ProcessRows(table)
    #expect(rows.isGrouped && rows.rows.reduce(0) { $0 + $1.kind.count } == 3000)
    #expect(
      rows.rows.contains { $0.kind.command == "cc1" && $0.kind.outcome == .exit(1) && $0.kind.count == 1 }
        == true)
    let few = ProcessRows(table, limit: 2)
    #expect(few.rows.reduce(0) { $0 + $1.kind.count } == 3000)
    #expect(few.rows.suffix(2).contains { $0.name.hasPrefix("other commands × ") })
  }

  @Test func `JSON lists each process of the median trial, and names the largest`() throws {
    struct Document: Decodable {
      struct Process: Decodable {
        let command: String?
        let count: Int
        let allocator: String?
        let verified: Bool
        let peak_resident: Int64?
        let cpu: Double?
        let outcome: String?
      }
      struct Metric: Decodable { let process: String? }
      struct Cell: Decodable {
        let processes_block: Int
        let processes: [Process]
        let metrics: [String: Metric]
      }
      let schema: String
      let cells: [Cell]
    }
    let text = try JSONReport().render(SampleTree.result, options: ReportOptions())
    let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    #expect(document.schema == "heapscale/2")
    let tree = document.cells[1]
    #expect(tree.processes_block == 2)
    #expect(
      tree.processes.map(\.command) == [
        "dash", "nginx: master", "nginx: worker", "nginx: worker", "sleep", "worker-musl",
      ])
    let peaks: [Int64?] = [1_048_576, 9_437_184, 44_040_192, 39_845_888, nil, 3_145_728]
    #expect(tree.processes.map(\.peak_resident) == peaks)
    #expect(tree.processes[2].cpu == 0.41)
    #expect(tree.processes.map(\.verified) == [true, true, true, true, true, false])
    #expect(tree.processes.map(\.outcome) == ["ok", "ok", "ok", "ok", nil, "signal-9"])
    #expect(tree.metrics["peak_process"]?.process == "nginx: worker")
    #expect(tree.metrics["peak_resident"]?.process == nil)
    let build = document.cells[0].processes
    #expect(build.reduce(0) { $0 + $1.count } == 3000 && build.count < 220)
  }

  @Test func `names of processes do no harm in any format`() throws {
    var result = SampleTree.result
    let hostile = [
      HostileSession.script, HostileSession.escape, HostileSession.formula, HostileSession.table,
    ]
    result.cells[1].processes?.table.records = hostile.enumerated().map { index, name in
      SampleTree.process(
        Int32(index), of: 0, "/x/" + name.replacing("/", with: "_"), allocator: AllocatorID(name))
    }
    for format in ReportRegistry.all {
      let text = try format.render(result, options: ReportOptions(width: 120))
      #expect(
        (format.id != "html" || !text.contains("<script>alert")) && !text.contains("\u{1b}"), "\(format.id)")
    }
    let csv = try ProcessesCSVReport().render(result, options: ReportOptions())
    #expect(!csv.contains(",=cmd") && csv.contains(",'=cmd"))
    var trial = SampleTree.trial
    trial.processes = result.cells[1].processes?.table.records ?? []
    let shown = ShowReport.trial(trial, of: nil, metrics: [], options: ReportOptions(width: 120))
    #expect(!shown.contains("\u{1b}"))
  }

  @Test func `a session of single processes says nothing of them`() throws {
    let text = try TerminalReport().render(SampleSession.result, options: ReportOptions(width: 120))
    #expect(!text.contains("malloc by"))
  }
}
