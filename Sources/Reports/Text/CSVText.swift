/// Records of comma-separated values after RFC 4180.
enum CSVText {
  /// A field: foreign text, a figure, or nothing.
  enum Field {
    case text(String)
    case number(Double?)
    case count(Int)
    case flag(Bool)
  }

  /// One record with its line end.
  static func record(_ fields: [Field]) -> String {
    fields.map(text).joined(separator: ",") + "\r\n"
  }

  private static func text(_ field: Field) -> String {
    switch field {
    case .text(let text): quoted(neutral(Visible.text(text)))
    case .number(let number): number.map(NumberText.shortest) ?? ""
    case .count(let count): "\(count)"
    case .flag(let flag): flag ? "true" : "false"
    }
  }

  /// Spreadsheets run what starts like a formula (OWASP, "CSV Injection"); an apostrophe makes it a text.
  private static func neutral(_ text: String) -> String {
    let starts: [Unicode.Scalar] = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
    // Leading spaces do not stop every spreadsheet; tabs and returns, which act too, are written out before.
    guard let first = text.unicodeScalars.first(where: { $0 != " " }) else { return text }
    return starts.contains(first) ? "'" + text : text
  }

  private static func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
    return "\"" + text.mappingScalars { $0 == "\"" ? "\"\"" : nil } + "\""
  }
}
