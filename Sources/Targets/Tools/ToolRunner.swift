import Glibc
import Model
import Synchronization

/// What a tool printed and how it ended.
struct ToolOutput: Sendable {
  /// `exit code N` or `signal N`.
  var status: String
  /// Whether it ended with exit code 0.
  var succeeded: Bool
  /// The beginning of its output.
  var text: String

  /// The first lines, for a message.
  func head(lines: Int = 12) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true).prefix(lines).joined(separator: "\n")
  }
}

/// How long a tool may take, in seconds; one that takes longer is ended with all that it started.
enum ToolTime {
  /// Questions that are answered in milliseconds.
  static let question = 60
  /// Reading files to their end, from a slow disk.
  static let reading = 900
  /// One compilation or link.
  static let compilation = 1800
  /// One step of a source package's build, and fetching it.
  static let recipe = 7200
}

/// Runs compilers and other tools: an argument vector, never a shell; output and time bounded; locale C.
enum ToolRunner {
  /// More than any tool's useful words; what comes after is read and dropped, so that the tool never blocks.
  static let outputLimit = 256 * 1024

  /// Runs a command to its end. `errors` says whether standard error is kept among the output.
  ///
  /// Throws: `TargetsError.commandFailed` when it cannot be started or does not come to its end in `seconds`,
  /// `interrupted`.
  static func run(
    _ command: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: String = "", errors: Bool = true, seconds: Int = ToolTime.question
  ) async throws(TargetsError) -> ToolOutput {
    let result = try await start(
      command, folder, environment, input, .kept(limit: outputLimit, errors: errors), seconds)
    return ToolOutput(
      status: text(result.ending), succeeded: result.ending == .exited(0),
      text: String(decoding: result.output, as: UTF8.self))
  }

  /// Runs a command that must succeed; `doing` names the work in the message.
  static func require(
    _ command: [String], doing: String, in folder: String? = nil, environment: [String: String] = [:]
  ) async throws(TargetsError) {
    let output = try await run(command, in: folder, environment: environment, seconds: ToolTime.compilation)
    guard output.succeeded else {
      throw TargetsError.commandFailed(
        doing: doing, command: command, status: output.status, output: output.head())
    }
  }

  /// Runs a command that must succeed and prints much: all of it is appended to a file, and the message shows
  /// the last lines, where make and configure say what went wrong.
  static func require(
    _ command: [String], doing: String, in folder: String, environment: [String: String], log: String
  ) async throws(TargetsError) {
    let before = Files.stamp(log)?.size ?? 0
    let file = open(log, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      throw TargetsError.file(path: log, problem: "cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    let result = try await start(command, folder, environment, "", .file(file), ToolTime.recipe)
    guard result.ending == .exited(0) else {
      let all = try Files.read(log)
      let text = String(decoding: all.dropFirst(Int(before)).suffix(4096), as: UTF8.self)
      throw TargetsError.commandFailed(
        doing: doing, command: command, status: self.text(result.ending),
        output: text.split(separator: "\n").suffix(12).joined(separator: "\n") + "\nall of it: \(log)")
    }
  }

  /// Tools that have not come to their end: they would not the next time either.
  private static let hung = Mutex<Set<String>>([])

  private static func start(
    _ command: [String], _ folder: String?, _ environment: [String: String], _ input: String,
    _ output: ToolProcess.Output, _ seconds: Int
  ) async throws(TargetsError) -> ToolProcess.Result {
    let name = lastComponent(command[0])
    func failed(_ doing: String, _ status: String) -> TargetsError {
      .commandFailed(doing: doing, command: command, status: status, output: "")
    }
    guard let path = CommandProgram.find(command[0], in: CommandProgram.searchPath(Self.environment)) else {
      throw failed("starting \(name)", "it is not to be found along PATH, or may not be executed")
    }
    guard seconds > ToolTime.question || !hung.withLock({ $0.contains(path) }) else {
      throw failed("running \(name)", "it did not come to its end before; it is not asked again")
    }
    let process = ToolProcess(
      path: path, arguments: command, environment: variables(environment), folder: folder)
    let ended: Result<ToolProcess.Result, ToolProcess.Failure> = await OwnThread.run {
      Result { () throws(ToolProcess.Failure) in
        try process.run(input: input, output: output, seconds: seconds)
      }
    }
    let result: ToolProcess.Result
    switch ended {
    case .success(let success): result = success
    case .failure(let failure): throw failed("starting \(name)", failure.reason)
    }
    switch result.ending {
    case .interrupted: throw TargetsError.interrupted(doing: "running \(name)")
    case .timedOut:
      _ = hung.withLock { $0.insert(path) }
      let left = result.survivors == 0 ? "" : "; \(result.survivors) of its processes could not be ended"
      throw failed("running \(name)", text(result.ending) + left)
    case .exited, .signaled: return result
    }
  }

  private static var environment: [String: String] {
    getenv("PATH").map { ["PATH": String(cString: $0)] } ?? [:]
  }

  private static func variables(_ extra: [String: String]) -> [String: String?] {
    // LD_PRELOAD and allocator settings of the user's shell are for the measured program, not for compilers.
    var result: [String: String?] = ["LC_ALL": "C"]
    result.updateValue(nil, forKey: "LD_PRELOAD")
    for (name, value) in extra { result.updateValue(value, forKey: name) }
    return result
  }

  private static func text(_ ending: ToolProcess.Ending) -> String {
    switch ending {
    case .exited(let code): "exit code \(code)"
    case .signaled(let number): "signal \(number)"
    case .timedOut(let seconds): "no end within \(seconds) s, so it was ended"
    case .interrupted: "interrupted"
    }
  }
}
