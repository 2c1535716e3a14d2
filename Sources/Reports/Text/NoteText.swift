/// Sections of notes as lines of a terminal.
enum NoteText {
  private static let widestLead = 40

  /// The title and its notes; texts stand below each other, right of the leads.
  static func lines(_ section: NoteSection, width: Int, paint: Paint) -> [String] {
    let leads = section.notes.map { Visible.text($0.lead) }
    let column = min(widestLead, max(0, width * 2 / 5), leads.map(DisplayWidth.of).max() ?? 0)
    let notes = zip(section.notes, leads).flatMap { note, lead in
      lines(note, lead: lead, column: column, width: width, paint: paint)
        + note.lines.flatMap { lines($0, width: width, paint: paint) }
    }
    return [paint(Visible.text(section.title), .heading)] + notes
  }

  private static func lines(
    _ note: NoteSection.Note, lead: String, column: Int, width: Int, paint: Paint
  ) -> [String] {
    let texts = [note.text] + [note.verbatim.joined(separator: "; ")]
    let text = texts.filter { !$0.isEmpty }.map(Visible.text).joined(separator: " ")
    let hang = column == 0 ? 2 : column + 4
    let start = "  " + DisplayWidth.padEnd(lead, to: column) + (column == 0 ? "" : "  ")
    return Wrap.lines(text, width: width, lead: start, hang: hang).map(\.trimmingTrailingSpaces)
  }

  private static func lines(_ line: NoteSection.Line, width: Int, paint: Paint) -> [String] {
    let start = String(repeating: " ", count: 2 + 2 * line.depth)
    let code = line.code.isEmpty ? "" : line.code + line.joint + " "
    let text = Visible.text(code + line.alarm + line.text)
    // Spaces that keep words together have done so once the lines are broken.
    let lines = Wrap.lines(text, width: width, lead: start, hang: start.count + 4)
      .map { $0.replacing("\u{A0}", with: " ") }
    return line.alarm.isEmpty ? lines : lines.map { paint($0, .failure) }
  }
}
