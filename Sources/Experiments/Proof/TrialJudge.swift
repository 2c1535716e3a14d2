import Model
import Probes

/// How a trial ended, with what is known of its allocators.
enum TrialJudge {
  /// The outcome, and one line that explains it or tells what was odd.
  ///
  /// A limit, a signal and a failed start stay what they are, whoever served malloc. A preload that ld.so refused
  /// overrides the rest: the figures would bear its name. What is merely not verified keeps its outcome, and says why.
  static func judge(_ seen: Observation, _ proof: TrialProof, _ cell: Cell) -> (
    outcome: Outcome, message: String?
  ) {
    let (outcome, message) = OutcomeJudge.judge(seen)
    switch outcome {
    case .timeOut, .outOfMemory, .signal, .launchFailed, .implausibleTelemetry: return (outcome, message)
    case .ok, .wrongAnswer, .exit, .preloadFailed: break
    }
    if let said = refusal(seen, proof, cell, outcome) { return (.preloadFailed, said) }
    var lines = [message].compactMap(\.self)
    if cell.variant.linkage == .preload, !proof.identity.verified {
      guard !cell.subject.isCommand else {
        lines.insert("not verified: \(proof.identity.evidence.first ?? "nothing was seen")", at: 0)
        // The reason may be a remark as well.
        return (outcome, joined(lines + proof.remarks.filter { $0 != proof.identity.evidence.first }))
      }
      let evidence = proof.identity.evidence.joined(separator: "; ")
      return (.preloadFailed, "\(cell.variant.allocator) did not serve malloc: \(evidence)")
    }
    return (outcome, joined(lines + proof.remarks))
  }

  /// What the dynamic linker said when it refused a preload; nil when it did not, or only somewhere in a tree that is
  /// verified nevertheless.
  private static func refusal(
    _ seen: Observation, _ proof: TrialProof, _ cell: Cell, _ outcome: Outcome
  ) -> String? {
    let isPreload = cell.variant.linkage == .preload
    guard !isPreload || !proof.identity.verified else { return nil }
    let lines = seen.standardError.split(separator: "\n").map(String.init)
    // ld.so(8) goes on without a library that it cannot load, and says so.
    if let said = lines.first(where: { $0.hasPrefix("ERROR: ld.so: object") && $0.contains("LD_PRELOAD") }) {
      return said
    }
    // A library that lacks one of its own is mapped already when ld.so gives up with exit code 127.
    guard isPreload, outcome == .exit(127) else { return nil }
    return lines.first {
      $0.contains("error while loading shared libraries") || $0.contains("symbol lookup error")
    }
  }

  /// Remarks repeat for every process of a kind.
  private static func joined(_ lines: [String]) -> String? {
    var counts: [String: Int] = [:]
    var order: [String] = []
    for line in lines {
      if counts[line] == nil { order.append(line) }
      counts[line, default: 0] += 1
    }
    let texts = order.map { line in
      let count = counts[line] ?? 1
      return count > 1 ? "\(line) (\(count) times)" : line
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }
}
