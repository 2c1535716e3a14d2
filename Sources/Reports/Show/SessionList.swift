import Model

/// The stored sessions, one a line.
struct SessionList {
  let entries: [SessionEntry]
  let options: ReportOptions

  /// Head line and sessions, or what to do when there is none.
  var lines: [String] {
    guard !entries.isEmpty else { return ["No session is stored yet: heapscale run makes one."] }
    let paint = Paint(isOn: options.colour)
    let head = ["session", "started (UTC)", "cells", "trials", "failed", "host", "title"]
    let lines = AlignedText.lines([head] + entries.map(fields), right: [2, 3, 4])
      .map { DisplayWidth.truncate($0, to: options.width) }
    return lines.enumerated().map { $0.offset == 0 ? paint($0.element, .heading) : $0.element }
  }

  private func fields(_ entry: SessionEntry) -> [String] {
    [
      entry.id, Timestamp.minute(entry.startedAt), "\(entry.cells)", "\(entry.trials)",
      entry.failedTrials == 0 ? "-" : "\(entry.failedTrials)",
      DisplayWidth.truncate(Visible.text(entry.host), to: 20), Visible.text(entry.title),
    ]
  }
}
