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

  /// Writes a line to standard error. Where that is full or closed there is nobody to tell.
  ///
  /// Names of files, processes and keys come from outside: what a terminal would obey is written out, line by line.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    error(lines.map { SentenceText.plain(String($0)) }.joined(separator: "\n") + "\n")
  }

  /// Writes text to standard error, as it is.
  static func error(_ text: String) { _ = OutputFile.writeAll(Array(text.utf8), to: STDERR_FILENO) }

  /// Called before anything is opened: without it a file of ours could get the number of a standard stream that was
  /// closed, and be written into. What stands there then refuses to be written.
  static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is this one.
      _ = open("/dev/null", O_RDONLY)
    }
    // A reader that has gone is an error of write(2), which is looked at.
    signal(SIGPIPE, SIG_IGN)
  }

  private static let failure = Mutex<Int32>(0)

  /// Why standard output could not be written, as an errno; 0 while it could.
  static var outputFailure: Int32 { failure.withLock { $0 } }

  /// Writes text to standard output. A reader that has had enough (`| head`) is no error; any other is kept, and ends the
  /// command with exit code 1 when everything else is done.
  ///
  /// In a GitHub job a line that begins with `::` is a command: foreign text must not become one.
  static func output(_ text: String, obeysWorkflowCommands: Bool = false) {
    let isSafe = obeysWorkflowCommands || !isGitHubJob
    let shown = isSafe ? text : ("\n" + text).replacing("\n::", with: "\n ::").dropFirst().description
    let error = OutputFile.writeAll(Array(shown.utf8), to: STDOUT_FILENO)
    if error != 0, error != EPIPE { failure.withLock { $0 = error } }
  }
}
