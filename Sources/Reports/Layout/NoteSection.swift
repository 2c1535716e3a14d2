/// Lines that stand under a table, before a format decides how they look.
struct NoteSection {
  /// One line: what it is about, what there is to say, and texts to be shown exactly as they came.
  struct Note {
    let lead: String
    let text: String
    var verbatim: [String] = []
  }

  let title: String
  let notes: [Note]
}
