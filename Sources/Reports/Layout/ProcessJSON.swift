import Model

/// The processes of a cell's median trial in JSON: sizes in bytes, times in seconds.
enum ProcessJSON {
  /// What stands in a cell: the block of the trial, counted from 1 as users do, and its processes.
  static func pairs(_ processes: CellProcesses?) -> [(key: String, value: JSONText)] {
    let table = processes?.table ?? ProcessTable()
    return [
      ("processes_block", processes.map { .integer(Int64($0.block + 1)) } ?? .null),
      ("processes", .array(table.records.map(record) + table.others.map { kind($0, path: nil) })),
    ]
  }

  private static func record(_ record: ProcessRecord) -> JSONText {
    kind(ProcessKind(record), path: record.images.last?.path)
  }

  private static func kind(_ kind: ProcessKind, path: String?) -> JSONText {
    .object([
      ("command", .optional(kind.command)),
      ("path", .optional(path)),
      ("count", .integer(Int64(kind.count))),
      ("allocator", .optional(kind.allocator?.rawValue)),
      ("verified", .boolean(kind.verified)),
      ("peak_resident", kind.peakResident.map { .integer($0.count) } ?? .null),
      ("cpu", .optional(kind.cpu?.seconds)),
      ("share", .optional(kind.residentShare)),
      ("began", .number(kind.began.seconds)),
      ("ended", .optional(kind.ended?.seconds)),
      ("outcome", .optional(kind.outcome?.description)),
    ])
  }
}
