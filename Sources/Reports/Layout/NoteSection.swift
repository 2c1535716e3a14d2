/// Lines that stand under a table, before a format decides how they look.
struct NoteSection {
  /// One line: what it is about, what there is to say, and texts to be shown exactly as they came.
  struct Note {
    let lead: String
    let text: String
    var verbatim: [String] = []
    /// More about it, below.
    var lines: [Line] = []
  }

  /// A line below a note: `code` exactly as it came, then what there is to say about it.
  struct Line {
    /// How far it is indented: 1 or 2.
    let depth: Int
    var code = ""
    /// Stands after the code, where there is one, e.g. ` →`.
    var joint = ":"
    /// What must catch the eye; never a foreign text.
    var alarm = ""
    let text: String
  }

  let title: String
  let notes: [Note]
}
