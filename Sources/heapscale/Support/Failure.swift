import ArgumentParser
import Experiments
import Findings
import Foundation
import Model
import Probes
import Profiles
import Reports
import Store
import Targets

/// Turns errors into one clear message on standard error and the exit code that belongs to it.
enum Failure {
  /// Runs a command's work; whatever it throws ends the program with a message, never with a trace.
  static func handled(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch let code as ExitCode {
      throw code
    } catch {
      Terminal.note("heapscale: \(text(error))")
      throw exitCode(error)
    }
  }

  private static func text(_ error: any Error) -> String {
    switch error {
    case let error as any CustomStringConvertible & Error where !(error is CocoaError): error.description
    default: error.localizedDescription
    }
  }

  private static func exitCode(_ error: any Error) -> ExitCode {
    switch error {
    case is InputError, is ReportError, is FindingsError, is ProfilesError: ExitStatus.usage
    case let error as TargetsError: exitCode(error)
    case let error as StoreError: exitCode(error)
    case ProbeError.noPhase: ExitStatus.usage
    case let error as OutputError: error.isRefusal ? ExitStatus.usage : ExitStatus.outputFailed
    default: ExitStatus.internalError
    }
  }

  private static func exitCode(_ error: TargetsError) -> ExitCode {
    if error.lacksRoom { return ExitStatus.machineLacks }
    return switch error {
    case .commandNotFound, .notPreloadable, .notELF, .file: ExitStatus.usage
    case .dataFolderMissing, .toolMissing, .variantMissing, .sourceMissing: ExitStatus.machineLacks
    case .commandFailed: ExitStatus.internalError
    case .interrupted: ExitStatus.interrupted
    }
  }

  private static func exitCode(_ error: StoreError) -> ExitCode {
    switch error {
    case .diskFull, .inputOutput, .displaced: ExitStatus.machineLacks
    case .corrupt, .undecodable, .unexpected, .duplicateTrial: ExitStatus.internalError
    default: ExitStatus.usage
    }
  }
}
