import Model

/// The stored sessions, one a line.
struct SessionList {
  let entries: [SessionEntry]
  let options: ReportOptions

  /// Head line and sessions, or what to do when there is none.
  var lines: [String] {
    guard !entries.isEmpty else { return ["No session is stored yet; heapscale run makes one."] }
    let paint = Paint(isOn: options.colour)
    let head = ["session", "started", "cells", "trials", "failed", "title", "host"]
    let rows = [head] + entries.map(fields)
    let widths = head.indices.map { column in rows.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        (2...4).contains(column)
          ? DisplayWidth.padStart(cell.0, to: cell.1) : DisplayWidth.padEnd(cell.0, to: cell.1)
      }
      var line = DisplayWidth.truncate(cells.joined(separator: "  "), to: options.width)
      while line.last == " " { line.removeLast() }
      return index == 0 ? paint(line, .heading) : line
    }
  }

  private func fields(_ entry: SessionEntry) -> [String] {
    [
      entry.id, Timestamp.text(entry.startedAt), "\(entry.cells)", "\(entry.trials)",
      entry.failedTrials == 0 ? "-" : "\(entry.failedTrials)",
      DisplayWidth.truncate(Visible.text(entry.title), to: 48), Visible.text(entry.host),
    ]
  }
}
