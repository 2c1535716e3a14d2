import ArgumentParser

/// Exit codes of heapscale. Codes 2, 4, 5 and 7 belong to gates.
enum ExitStatus {
  static let internalError = ExitCode(1)
  static let outputFailed = ExitCode(1)
  static let regression = ExitCode(2)
  static let targetFailed = ExitCode(3)
  static let improvement = ExitCode(4)
  static let baselineDoesNotFit = ExitCode(5)
  static let machineLacks = ExitCode(6)
  static let inconclusive = ExitCode(7)
  static let usage = ExitCode(64)
  static let interrupted = ExitCode(130)
}
