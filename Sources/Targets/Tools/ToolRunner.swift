import Subprocess
import SystemPackage

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

/// Runs compilers and other tools: an argument vector, never a shell; output bounded; locale C.
enum ToolRunner {
  /// More than any tool's useful words; what comes after is read and dropped, so that the tool never blocks.
  static let outputLimit = 256 * 1024

  /// Runs a command to its end. `errors` says whether standard error is kept among the output.
  ///
  /// Throws: `TargetsError.commandFailed` when it cannot be started.
  static func run(
    _ command: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: String = "", errors: Bool = true
  ) async throws(TargetsError) -> ToolOutput {
    let configuration = Configuration(
      executable: command[0].contains("/") ? .path(FilePath(command[0])) : .name(command[0]),
      arguments: Arguments(Array(command.dropFirst())),
      environment: .inherit.updating(variables(environment)),
      workingDirectory: folder.map { FilePath($0) })
    do {
      return errors
        ? try await all(configuration, input) : try await standardOutput(configuration, input)
    } catch {
      throw TargetsError.commandFailed(
        doing: "starting \(lastComponent(command[0]))", command: command, status: "\(error)", output: "")
    }
  }

  /// Runs a command that must succeed; `doing` names the work in the message.
  static func require(
    _ command: [String], doing: String, in folder: String? = nil, environment: [String: String] = [:]
  ) async throws(TargetsError) {
    let output = try await run(command, in: folder, environment: environment)
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
    let status: TerminationStatus
    do {
      let file = try FileDescriptor.open(FilePath(log), .writeOnly, options: [.append, .closeOnExec])
      status = try await Subprocess.run(
        .name(command[0]), arguments: Arguments(Array(command.dropFirst())),
        environment: .inherit.updating(variables(environment)), workingDirectory: FilePath(folder),
        output: .fileDescriptor(file, closeAfterSpawningProcess: true), error: .combinedWithOutput
      ).terminationStatus
    } catch {
      throw TargetsError.commandFailed(doing: doing, command: command, status: "\(error)", output: "")
    }
    guard status.isSuccess else {
      let all = try Files.read(log)
      let text = String(decoding: all.dropFirst(Int(before)).suffix(4096), as: UTF8.self)
      throw TargetsError.commandFailed(
        doing: doing, command: command, status: "\(status)",
        output: text.split(separator: "\n").suffix(12).joined(separator: "\n") + "\nall of it: \(log)")
    }
  }

  private static func variables(_ extra: [String: String]) -> [Environment.Key: String?] {
    // LD_PRELOAD and allocator settings of the user's shell are for the measured program, not for compilers.
    var result: [Environment.Key: String?] = ["LC_ALL": "C"]
    result.updateValue(nil, forKey: "LD_PRELOAD")
    for (name, value) in extra { result[Environment.Key(stringLiteral: name)] = value }
    return result
  }

  private static func all(_ configuration: Configuration, _ input: String) async throws -> ToolOutput {
    let result = try await Subprocess.run(
      configuration, input: .string(input), output: .sequence, error: .combinedWithOutput
    ) { execution in try await collect(execution.standardOutput) }
    return output(result.terminationStatus, result.closureResult)
  }

  private static func standardOutput(_ configuration: Configuration, _ input: String) async throws
    -> ToolOutput
  {
    let result = try await Subprocess.run(
      configuration, input: .string(input), output: .sequence, error: .discarded
    ) { execution in try await collect(execution.standardOutput) }
    return output(result.terminationStatus, result.closureResult)
  }

  private static func collect(_ sequence: SubprocessOutputSequence) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await buffer in sequence where bytes.count < outputLimit {
      buffer.withUnsafeBytes { bytes += $0.prefix(outputLimit - bytes.count) }
    }
    return bytes
  }

  private static func output(_ status: TerminationStatus, _ bytes: [UInt8]) -> ToolOutput {
    let text =
      switch status {
      case .exited(let code): "exit code \(code)"
      case .signaled(let number): "signal \(number)"
      }
    return ToolOutput(
      status: text, succeeded: status.isSuccess, text: String(decoding: bytes, as: UTF8.self))
  }
}
