import Model

/// One line for each process of each cell's median trial.
struct ProcessesCSVReport: ReportFormat {
  let id = "processes-csv"
  let fileExtension = "csv"
  let summary = "one line for each process of the trial whose peak is the median of its cell, in base units"

  /// Writes the processes; of large trees those beyond `ProcessTable.limit` are summed by kind.
  ///
  /// RFC 4180 with a head line. Text that starts like a formula gets an apostrophe in front.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the result does not have, although none is shown.
  func render(_ result: SessionResult, options: ReportOptions) throws(ReportError) -> String {
    _ = try MetricChoice.ids(result, options: options)
    let columns = CellColumns(session: result.session)
    var text = CSVText.record((CellColumns.titles + ProcessesCSVReport.titles).map(CSVText.Field.text))
    for cell in result.cells {
      guard let processes = cell.processes else { continue }
      let start = columns.fields(cell) + [.count(processes.block + 1)]
      for record in processes.table.records {
        text += CSVText.record(start + ProcessesCSVReport.fields(record))
      }
      for kind in processes.table.others {
        let none = [CSVText.Field](repeating: .number(nil), count: 2)
        text += CSVText.record(start + none + ProcessesCSVReport.fields(kind, path: ""))
      }
    }
    return text
  }

  private static let titles = [
    "block", "pid", "parent", "process", "path", "count", "process_allocator", "process_verified",
    "peak_resident",
    "cpu", "share", "began", "ended", "outcome",
  ]

  private static func fields(_ record: ProcessRecord) -> [CSVText.Field] {
    [.count(Int(record.pid)), .count(Int(record.parent))]
      + fields(ProcessKind(record), path: record.images.last?.path ?? "")
  }

  private static func fields(_ kind: ProcessKind, path: String) -> [CSVText.Field] {
    [
      .text(kind.command ?? ""), .text(path), .count(kind.count), .text(kind.allocator?.rawValue ?? ""),
      .flag(kind.verified), .number(kind.peakResident.map { Double($0.count) }), .number(kind.cpu?.seconds),
      .number(kind.residentShare), .number(kind.began.seconds), .number(kind.ended?.seconds),
      .text(kind.outcome?.description ?? ""),
    ]
  }
}
