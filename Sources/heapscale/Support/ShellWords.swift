import Model

/// Splits a command line into arguments as a shell's quoting does, and does nothing else that a shell does: no
/// variables, no wildcards, no pipes. Who wants those writes `sh -c '…'`.
enum ShellWords {
  static func split(_ line: String) throws(InputError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var escaped = false
    for character in line {
      if escaped {
        word = (word ?? "") + String(character)
        escaped = false
      } else if character == "\\" && quote != "'" {
        escaped = true
        word = word ?? ""
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let finished = word { words.append(finished) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !escaped else {
      throw InputError(
        "the command line '\(line)' ends inside a quotation", hint: "close it, or escape the quote")
    }
    if let word { words.append(word) }
    return words
  }
}
