import Foundation
import Model

/// Counts a program's memory events in a simulated machine: valgrind's cachegrind and callgrind.
///
/// Runs go through the launcher like trials: the time limit of the launch holds, and the whole process tree is
/// killed at it. A simulated program is 20 to 60 times slower than a free one. Blocks the calling thread.
public final class Simulator {
  private let supervisor: TrialSupervisor
  private let searchPath: String

  /// Where valgrind is looked for when PATH does not hold it.
  public static let usualPath = "/usr/local/bin:/usr/bin:/bin"

  /// Prepares a simulator. `interrupt` is a descriptor that becomes readable when the user wants to stop; -1 for
  /// none.
  public init(
    helperPath: String, searchPath: String = Simulator.usualPath, interrupt: Int32 = -1
  ) throws(ProbeError) {
    supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
    self.searchPath = searchPath
  }

  /// Simulates a program.
  ///
  /// With `shorter`, a run with fewer operations, start-up is subtracted and events are given for each operation;
  /// both must count them on the telemetry page. The shorter run, or without one the only run under cachegrind, is
  /// made twice, and compared. `libraryMustRun`: one of the allocator's libraries must have been executed, by which
  /// a preload that failed silently is found out. `followsChildren` simulates what the program starts as well, and
  /// adds it up.
  /// Throws: `ProbeError`: valgrind is missing, the program did not end well, the allocator was not in it.
  public func simulate(
    launch: LaunchSpec, shorter: LaunchSpec? = nil, allocator: AllocatorCode = AllocatorCode(),
    libraryMustRun: Bool = false, followsChildren: Bool = false
  ) throws(ProbeError) -> SimulatedEvents {
    let valgrind = try ValgrindLaunch(searchPath: searchPath, followsChildren: followsChildren)
    let loads = try cachegrind(launch, valgrind)
    let stores = try callgrind(launch, valgrind)
    if libraryMustRun { try check(allocator, in: stores.file) }
    var summary = SimulationSummary(
      longer: .init(cachegrind: loads.file, callgrind: stores.file, operations: stores.operations),
      allocator: allocator)
    if let shorter {
      let first = try cachegrind(shorter, valgrind)
      let second = try callgrind(shorter, valgrind)
      summary.shorter = .init(
        cachegrind: first.file, callgrind: second.file, operations: second.operations)
      let firstAgain = try cachegrind(shorter, valgrind)
      let secondAgain = try callgrind(shorter, valgrind)
      summary.repeated(first.file.total, firstAgain.file.total)
      summary.repeated(second.file.total, secondAgain.file.total)
    } else {
      summary.repeated(loads.file.total, try cachegrind(launch, valgrind).file.total)
    }
    return summary.events
  }

  private func cachegrind(
    _ program: LaunchSpec, _ valgrind: ValgrindLaunch
  ) throws(ProbeError) -> (file: CachegrindFile, operations: UInt64?) {
    let (texts, operations) = try run(program, .cachegrind, valgrind)
    var file = CachegrindFile()
    for text in texts { file.add(try CachegrindFile(parsing: text)) }
    return (file, operations)
  }

  private func callgrind(
    _ program: LaunchSpec, _ valgrind: ValgrindLaunch
  ) throws(ProbeError) -> (file: CallgrindFile, operations: UInt64?) {
    let (texts, operations) = try run(program, .callgrind, valgrind)
    var file = CallgrindFile()
    for text in texts { file.add(try CallgrindFile(parsing: text)) }
    return (file, operations)
  }

  /// One run: what the tool wrote, one text a process, and the operations that the program counted.
  private func run(
    _ program: LaunchSpec, _ tool: ValgrindTool, _ valgrind: ValgrindLaunch
  ) throws(ProbeError) -> (texts: [String], operations: UInt64?) {
    let folder = try SimulationFolder()
    let seen = try supervisor.run(
      valgrind.launch(program, under: tool, into: folder.path), sampling: Sampling(rateHz: 0))
    guard seen.ending != .interrupted else { throw .simulationInterrupted }
    let (outcome, message) = OutcomeJudge.judge(seen)
    guard outcome == .ok else {
      throw .simulationFailed(
        SimulationReason.text(
          outcome, message, tool: tool, log: folder.texts("log.", atMost: 1 << 20), errors: seen.standardError
        ))
    }
    let texts = folder.texts("out.")
    guard !texts.isEmpty else {
      throw .simulationFailed("\(tool.rawValue) wrote nothing; the program may have replaced itself (exec)")
    }
    let last = seen.series.marks.last
    return (texts, last?.phase == "done" ? last?.operations : nil)
  }

  private func check(_ allocator: AllocatorCode, in file: CallgrindFile) throws(ProbeError) {
    guard !file.functions.keys.contains(where: { allocator.owns($0.object) }) else { return }
    throw .simulationFailed(
      "the preloaded \(allocator.libraries.first ?? "library") ran no code in the simulated process: "
        + "another allocator served malloc")
  }
}

/// Why a simulated run gave nothing.
enum SimulationReason {
  /// What valgrind complains about where it cannot go on.
  private static let complaints = ["nrecognised instruction", "unhandled instruction", "valgrind: "]

  /// The outcome, and valgrind's own words, or the program's last ones.
  static func text(
    _ outcome: Outcome, _ message: String?, tool: ValgrindTool, log: [String], errors: String
  ) -> String {
    let start = "under \(tool.rawValue): \(message ?? outcome.description)"
    if outcome == .timeOut {
      return start + "; a simulated program is 20 to 60 times slower: raise the limit or simulate less work"
    }
    let lines = (log + [errors]).flatMap { $0.split(whereSeparator: \.isNewline) }
    let said = lines.first { line in complaints.contains { line.contains($0) } }
    let last = errors.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    guard let words = said ?? last else { return start }
    return start + "; it said: \(words.suffix(200))"
  }
}
