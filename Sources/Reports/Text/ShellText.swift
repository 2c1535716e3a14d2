import Model

/// Commands as one would type them.
enum ShellText {
  /// Arguments joined by spaces, quoted for a POSIX shell where that is needed.
  static func line(_ arguments: [String]) -> String { arguments.map(quoted).joined(separator: " ") }

  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,+@%".contains($0))
    }
    if isPlain && !argument.isEmpty { return argument }
    if ByteText.hasRawBytes(argument) {
      // Words of bash, zsh and, since POSIX of 2024, sh. What is not seen becomes an escape when it is shown.
      return "$'" + argument.mappingScalars { $0 == "'" || $0 == "\\" ? "\\" + String($0) : nil } + "'"
    }
    return "'" + argument.mappingScalars { $0 == "'" ? #"'\''"# : nil } + "'"
  }
}
