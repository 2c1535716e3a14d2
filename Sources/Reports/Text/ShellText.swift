/// Commands as one would type them.
enum ShellText {
  /// Arguments joined by spaces, quoted for a POSIX shell where that is needed.
  static func line(_ arguments: [String]) -> String { arguments.map(quoted).joined(separator: " ") }

  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,+@%".contains($0))
    }
    if isPlain && !argument.isEmpty { return argument }
    return "'" + argument.mappingScalars { $0 == "'" ? #"'\''"# : nil } + "'"
  }
}
