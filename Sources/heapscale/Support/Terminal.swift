import Foundation
import Glibc

/// What is known of standard output and standard error.
enum Terminal {
  /// Whether standard output is a terminal.
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  /// Whether standard error is a terminal.
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Colour on a terminal, unless NO_COLOR is set (no-color.org) or the terminal is dumb.
  static func usesColour(_ environment: [String: String]) -> Bool {
    outputIsTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Columns of the terminal; `$COLUMNS`, else the terminal's own, else plenty: a pipe is not cut.
  static func width(_ environment: [String: String]) -> Int {
    if let text = environment["COLUMNS"], let columns = Int(text), columns >= 20 { return columns }
    var size = winsize()
    if outputIsTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 {
      return Int(size.ws_col)
    }
    return 200
  }

  private static let isGitHubJob = ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"

  /// Writes a line to standard error.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Writes text to standard output; a closed pipe (`| head`) ends the program quietly.
  ///
  /// In a GitHub job a line that begins with `::` is a command: foreign text must not become one.
  static func output(_ text: String, obeysWorkflowCommands: Bool = false) {
    let isSafe = obeysWorkflowCommands || !isGitHubJob
    let shown = isSafe ? text : ("\n" + text).replacing("\n::", with: "\n ::").dropFirst().description
    var bytes = Array(shown.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
