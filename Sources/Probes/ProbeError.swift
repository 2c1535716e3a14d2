import Glibc

/// What can go wrong while a program is launched and watched. Never the program's own failure: that is an outcome.
public enum ProbeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A system call of the harness failed.
  case system(call: String, subject: String, errno: Int32)
  /// The launch helper could not be started.
  case helperNotStarted(path: String, errno: Int32)
  /// The launch helper ended, does not answer, or broke its protocol; `left` are processes that could not be ended.
  case helperGone(String, left: String? = nil)
  /// A file under /proc did not hold what proc(5) says.
  case unexpectedProcText(path: String)
  /// The program cannot be found.
  case commandNotFound(String)
  /// valgrind is not installed.
  case simulatorMissing
  /// A file that perf wrote cannot be read.
  case unreadableRecording(file: String, detail: String)
  /// A running process that was to be sampled was gone before that could begin.
  case endedBeforeSampling(pid: Int32)
  /// A simulated run did not come to its end, or was not the run it should be.
  case simulationFailed(String)
  /// A file that valgrind wrote does not have its format.
  case unreadableSimulation(file: String, detail: String)
  /// The user stopped a simulation.
  case simulationInterrupted
  /// The program went through no phase of this name.
  case noPhase(String, known: [String])

  /// What happened, to what, and what to do next.
  public var description: String {
    switch self {
    case .system(let call, let subject, let number):
      "\(call) failed for \(subject): \(ErrnoText.text(number))"
    case .helperNotStarted(let path, let number):
      "the launch helper \(path) could not be started: \(ErrnoText.text(number)); "
        + "delete it and it is built again"
    case .helperGone(let detail, let left):
      "the launch helper is gone (\(detail)); "
        + (left ?? "its process tree was ended, the trial can be repeated")
    case .unexpectedProcText(let path):
      "\(path) does not look as proc(5) describes it; is /proc mounted?"
    case .commandNotFound(let name):
      "the command '\(name)' was not found; give a path, or check PATH"
    case .unreadableRecording(let file, let detail):
      "\(file): \(detail)"
    case .endedBeforeSampling(let pid):
      "process \(pid) ended before it could be sampled; start the program by heapscale: heapscale profile -- PROGRAM"
    case .simulatorMissing:
      "valgrind is neither on PATH nor in the usual places, so nothing can be simulated: apt-get install valgrind"
    case .simulationFailed(let reason):
      reason
    case .unreadableSimulation(let file, let detail):
      "valgrind's \(file) cannot be read: \(detail); valgrind 3.15 to 3.25 are known to work"
    case .simulationInterrupted:
      "the simulation was stopped"
    case .noPhase(let name, let known):
      known.isEmpty
        ? "there is no phase '\(name)': only heapscale's own workloads have phases"
        : "the program went through no phase '\(name)'; its phases: \(known.joined(separator: ", "))"
    }
  }
}

/// Words for error numbers.
enum ErrnoText {
  /// `No such file or directory (errno 2)`; strerror_r, because strerror shares its buffer.
  static func text(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "errno \(number)" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return "\(String(decoding: bytes, as: UTF8.self)) (errno \(number))"
  }
}
