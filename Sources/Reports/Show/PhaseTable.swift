import Model

/// The phases of a trial with the exact readings at their begins.
struct PhaseTable {
  let marks: [ResidentSeries.Mark]
  let width: Int
  let paint: Paint

  /// One line for each phase; none for a command, which has no phases.
  var lines: [String] {
    guard !marks.isEmpty else { return [] }
    return [""]
      + NoteText.lines(
        NoteSection(title: "When a phase began (exact readings)", notes: marks.map(note)), width: width,
        paint: paint)
  }

  private func note(_ mark: ResidentSeries.Mark) -> NoteSection.Note {
    let parts: [(name: String, bytes: Bytes?)] = [
      ("resident", mark.resident), ("anonymous", mark.anonymous), ("lazily freed", mark.lazyFree),
    ]
    let readings = parts.compactMap { part in part.bytes.map { "\(part.name) \(FigureText.text($0))" } }
    let operations = FigureText.text(Double(mark.operations), unit: .count)
    return NoteSection.Note(
      lead: mark.phase,
      text: (["at \(FigureText.text(mark.began))", "live \(FigureText.text(mark.live))"] + readings
        + ["\(operations) operations"]).joined(separator: ", "))
  }
}
