import ArgumentParser
import Foundation
import Glibc
import Reports
import Synchronization

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
    if let text = environment["COLUMNS"], let columns = Int(text), columns >= 20 {
      return min(columns, widest)
    }
    var size = winsize()
    if outputIsTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 {
      return Int(size.ws_col)
    }
    return 200
  }

  /// No line of ours is longer; a table filled up to a number from outside would take all memory.
  private static let widest = 1000

  private static let isGitHubJob = ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"

  /// Writes a line to standard error. That it cannot be written is no reason to stop.
  ///
  /// Names of files, processes and keys come from outside: what a terminal would obey is written out, line by line.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    draw(lines.map { SentenceText.plain(String($0)) }.joined(separator: "\n") + "\n")
  }

  /// Writes to standard error as it is.
  static func draw(_ text: String) { _ = StandardStreams.write(Array(text.utf8), to: STDERR_FILENO) }

  /// The errno that ended standard output; 0 while all is well.
  private static let outputError = Mutex<Int32>(0)

  /// Writes text to standard output.
  ///
  /// A reader that has had enough (`| head`) is left alone: the rest is dropped, and the exit code is what it would be. Any
  /// other error is told once, and `exitCode` remembers it. In a GitHub job a line that begins with `::` is a command:
  /// foreign text must not become one.
  static func output(_ text: String, obeysWorkflowCommands: Bool = false) {
    let isSafe = obeysWorkflowCommands || !isGitHubJob
    let shown = isSafe ? text : ("\n" + text).replacing("\n::", with: "\n ::").dropFirst().description
    outputError.withLock { error in
      guard error == 0 else { return }
      error = StandardStreams.write(Array(shown.utf8), to: STDOUT_FILENO)
      guard error != 0, error != EPIPE else { return }
      note("heapscale: cannot write standard output: \(String(cString: strerror(error)))")
    }
  }

  /// The exit code of a program that would end with this one: success is none where standard output could not be written.
  static func exitCode(_ code: ExitCode) -> ExitCode {
    let error = outputError.withLock { $0 }
    return code.isSuccess && error != 0 && error != EPIPE ? ExitStatus.outputFailed : code
  }
}
