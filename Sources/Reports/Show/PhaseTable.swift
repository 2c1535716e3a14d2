import Model

/// The phases of a trial with the exact readings at their begins.
struct PhaseTable {
  let marks: [ResidentSeries.Mark]
  let paint: Paint

  /// One line for each phase; none for a command, which has no phases.
  var lines: [String] {
    guard !marks.isEmpty else { return [] }
    let head = ["phase", "began", "CPU", "live", "resident", "anonymous", "lazily freed", "operations"]
    let rows = AlignedText.lines([head] + marks.map(fields), right: Set(1...7)).map { "  " + $0 }
    return ["", paint("When each phase began, with exact readings", .heading)] + rows
  }

  private func fields(_ mark: ResidentSeries.Mark) -> [String] {
    let exact = [mark.live, mark.resident, mark.anonymous, mark.lazyFree].map { bytes in
      bytes.map { FigureText.text($0) } ?? "—"
    }
    return [
      Visible.text(mark.phase), FigureText.text(mark.began), FigureText.text(mark.cpuBegan),
    ] + exact + [FigureText.text(Double(mark.operations), unit: .count)]
  }
}
