import Glibc
import Model

/// How a trial ended, from what was seen. Pure. The allocator's identity is judged elsewhere.
public enum OutcomeJudge {
  /// The outcome, and one line that explains it when it is not `ok` or when something is odd.
  public static func judge(_ observation: Observation) -> (outcome: Outcome, message: String?) {
    if let failure = observation.launchFailure { return (.launchFailed, failure) }
    switch observation.ending {
    case .timeLimit:
      return (.timeOut, "killed at the time limit after \(text(observation.elapsed))")
    case .memoryLimit(let resident):
      return (.outOfMemory, "killed above the memory limit with \(resident.count >> 20) MiB resident")
    case .interrupted:
      return (.signal(SIGKILL), "ended by the user")
    case .none:
      break
    }
    if let verdict = telemetryVerdict(observation) { return verdict }
    let status = observation.status
    if status & 0x7f != 0 { return signalled(status & 0x7f, observation) }
    if let fault = observation.telemetryFault {
      return (.implausibleTelemetry, "implausible telemetry: \(fault)")
    }
    let code = (status >> 8) & 0xff
    guard code == 0 else { return (.exit(code), "exit code \(code)") }
    return unusualSuccess(observation)
  }

  private static func telemetryVerdict(_ observation: Observation) -> (Outcome, String?)? {
    guard let telemetry = observation.telemetry else { return nil }
    switch telemetry.verdict {
    case .wrongAnswer: return (.wrongAnswer, telemetry.message)
    case .outOfMemory: return (.outOfMemory, telemetry.message)
    case .none, .ok: return nil
    }
  }

  private static func signalled(_ number: Int32, _ observation: Observation) -> (Outcome, String?) {
    if number == SIGKILL && observation.kernelOOMKill {
      return (.outOfMemory, "killed by the kernel for want of memory (oom_kill)")
    }
    return (.signal(number), "ended by signal \(number) (\(SignalName.name(number)))")
  }

  private static func unusualSuccess(_ observation: Observation) -> (Outcome, String?) {
    if let telemetry = observation.telemetry, telemetry.verdict != .ok {
      let what = telemetry.attached ? "it ended without an answer" : "it never opened the telemetry page"
      return (.wrongAnswer, "\(what), though its exit code is 0")
    }
    let ended = observation.leftovers
    let left = observation.survivors
    guard ended > 0 || left > 0 else { return (.ok, nil) }
    guard left > 0 else { return (.ok, "\(processes(ended)) outlived the program and had to be killed") }
    return (
      .ok,
      "\(processes(ended + left)) outlived the program, of which \(left) could not be killed and still run"
    )
  }

  private static func processes(_ count: Int) -> String { "\(count) \(count == 1 ? "process" : "processes")" }

  private static func text(_ time: Nanoseconds) -> String {
    let tenths = (time.seconds * 10).rounded() / 10
    return "\(tenths) s"
  }
}

/// Names of signals.
enum SignalName {
  /// `SIGSEGV`, or a description for the rarer ones.
  static func name(_ number: Int32) -> String {
    switch number {
    case SIGSEGV: "SIGSEGV"
    case SIGABRT: "SIGABRT"
    case SIGKILL: "SIGKILL"
    case SIGBUS: "SIGBUS"
    case SIGILL: "SIGILL"
    case SIGFPE: "SIGFPE"
    case SIGTERM: "SIGTERM"
    case SIGINT: "SIGINT"
    case SIGPIPE: "SIGPIPE"
    case SIGTRAP: "SIGTRAP"
    default: "signal \(number)"
    }
  }
}
