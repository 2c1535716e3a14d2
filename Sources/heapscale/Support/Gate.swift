import ArgumentParser
import Findings
import Foundation
import Model
import Reports
import Store

/// Decides about a check: what may be compared with a baseline, and which exit code follows.
struct Gate {
  let thresholds: Thresholds

  /// What a check found.
  struct Outcome {
    var result: Model.ComparisonResult
    /// Whether a trial of the session failed, or it is not verified which allocator served one.
    var hasFailed = false

    private static let remedy =
      "heapscale: what was not compared has not passed: save the baseline again from a session of the same plan on "
      + "this machine (`heapscale baseline save`), or let thresholds gate what both sides have (--thresholds)"

    /// Ends with the exit code that belongs to it: a failed target, a regression, something that was not compared, and
    /// with `strict` a verdict that could not be reached, and on request an improvement, which asks for a new baseline.
    func finish(strict: Bool, failsOnImprovement: Bool = false) throws {
      for reason in result.gaps { Terminal.note(SentenceText.plain("heapscale: not compared: \(reason)")) }
      if !result.gaps.isEmpty, !hasFailed { Terminal.note(Self.remedy) }
      if hasFailed { throw ExitStatus.targetFailed }
      if !result.gating(.regression).isEmpty { throw ExitStatus.regression }
      if !result.gaps.isEmpty { throw ExitStatus.baselineDoesNotFit }
      if failsOnImprovement, !result.gating(.improvement).isEmpty { throw ExitStatus.improvement }
      if strict, !result.gating(.inconclusive).isEmpty { throw ExitStatus.inconclusive }
    }
  }

  /// A session against a baseline: of another class of machine, only what may be compared.
  func judge(
    _ session: Session, _ measured: Measurements, against baseline: Baseline
  ) throws -> Outcome {
    let here = Fingerprint(of: session)
    var refused: [String] = []
    var definitions = measured.definitions
    for (kind, name) in [(FigureKind.memory, "resident memory"), (.time, "times")] {
      let obstacles = here.obstacles(to: kind, against: baseline.fingerprint)
      guard !obstacles.isEmpty else { continue }
      let gates = definitions.contains { definition in
        FigureKind(definition) == kind && isAsked(definition, measured)
      }
      if gates { refused.append("\(name), because \(obstacles.joined(separator: "; "))") }
      definitions.removeAll { FigureKind($0) == kind }
    }
    var new = measured
    new.definitions = definitions
    // Trials of a baseline were not interleaved with these: times only gate where somebody asks for it.
    let informing = definitions.filter { FigureKind($0) == .time }.map {
      ThresholdRule(metric: $0.id, gates: false)
    }
    var outcome = try judge(measured, names: ("the baseline", "this session")) { () throws(FindingsError) in
      try Comparing.sessions(
        old: baseline.measurements, oldName: "the baseline", new: new, newName: "this session",
        timeGates: true, thresholds: Thresholds(rules: informing + thresholds.rules), isGate: true,
        planned: session.plan.cells)
    }
    outcome.result.gaps = refused + outcome.result.gaps
    return outcome
  }

  /// What a comparison says, or that something to compare was never measured: an answer, too, and one that must not pass.
  func judge(
    _ measured: Measurements, names: (baseline: String, candidate: String),
    comparing: () throws(FindingsError) -> Model.ComparisonResult
  ) throws(FindingsError) -> Outcome {
    var outcome = Outcome(
      result: Model.ComparisonResult(
        title: "\(names.candidate) against \(names.baseline)", baseline: names.baseline,
        candidate: names.candidate, judgements: []))
    do throws(FindingsError) {
      outcome.result = try comparing()
    } catch .unknown(let kind, let name, _) {
      outcome.result.gaps = ["anything: the \(kind) '\(name)' was not measured"]
    }
    let failed = measured.cells.filter { $0.failures > 0 }
    outcome.hasFailed = !failed.isEmpty || measured.cells.contains { !$0.isComparable }
    outcome.result.gaps += failed.map {
      "what \($0.failures) of \($0.trials) trials of \($0.cell.key) would have given, which did not end ok"
    }
    return outcome
  }

  /// A baseline's file.
  ///
  /// Throws: exit code 5, with how to make one, when it does not exist.
  static func baseline(_ path: String) throws -> Baseline {
    guard FileManager.default.fileExists(atPath: path) else {
      Terminal.note(
        "heapscale: there is no baseline '\(path)'; measure the plan with `heapscale run`, then "
          + "`heapscale baseline save --file \(path)`")
      throw ExitStatus.baselineDoesNotFit
    }
    return try BaselineFile.read(path)
  }

  /// Whether a metric decides about the check in some cell.
  private func isAsked(_ metric: MetricDefinition, _ measured: Measurements) -> Bool {
    measured.cells.contains { thresholds.threshold(for: metric, of: $0.cell).gates }
  }
}
