/// Sections of notes, and rows of tables, in GitHub's Markdown.
enum MarkdownNotes {
  /// The title as a heading, and its notes as a list.
  static func lines(_ section: NoteSection) -> [String] {
    let notes = section.notes.flatMap { note in
      let lead = note.lead.isEmpty ? "" : "**\(MarkdownText.prose(note.lead))**"
      let texts =
        [lead, MarkdownText.prose(note.text)] + [
          note.verbatim.map { MarkdownText.code($0) }.joined(separator: "; ")
        ]
      return ["- " + texts.filter { !$0.isEmpty }.joined(separator: " ")] + note.lines.map(line)
    }
    return ["", "#### " + section.title, ""] + notes
  }

  /// One row of a table; the cells are Markdown already.
  static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  private static func line(_ line: NoteSection.Line) -> String {
    let code = line.code.isEmpty ? "" : MarkdownText.code(line.code) + line.joint + " "
    let alarm = line.alarm.isEmpty ? "" : "**\(MarkdownText.prose(line.alarm))**"
    return String(repeating: "  ", count: line.depth) + "- " + code + alarm + MarkdownText.prose(line.text)
  }
}
