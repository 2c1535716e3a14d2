import Model

/// Sentences about a whole session: what is missing, what failed, what to doubt.
struct SessionNotes {
  let session: Session
  let cells: [CellAccumulator]
  let results: [CellResult]
  let conditions: ConditionsAccumulator

  /// The sentences that apply, the gravest first.
  var sentences: [String] {
    [
      failures, answers, unverified, stopped, missing, tooFew, skipped, leftOut, shell, sources, load,
      missedTicks, strays,
    ].compactMap(
      \.self)
  }

  private var trials: Int { cells.reduce(0) { $0 + $1.trials } }

  private var failures: String? {
    var counts: [String: Int] = [:]
    for outcome in results.flatMap(\.outcomes) where outcome.outcome != .ok {
      counts[outcome.outcome.description, default: 0] += outcome.count
    }
    guard !counts.isEmpty else { return nil }
    let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
    return "\(counts.values.reduce(0, +)) of \(trials) trials did not end ok "
      + "(\(kinds.joined(separator: ", "))) and give no figures"
  }

  /// A workload with fixed parameters and seed has one answer, whatever serves malloc.
  private var answers: String? {
    let bySubject = Dictionary(grouping: cells, by: \.cell.subject)
    let differing = bySubject.filter { Set($0.value.flatMap(\.answers)).count > 1 }
    guard !differing.isEmpty else { return nil }
    let names = differing.keys.map(\.description).sorted().joined(separator: "; ")
    return "trials of the same workload gave different answers (\(names)): either it does not do the same "
      + "work each time, or an allocator damaged its data; do not compare these cells"
  }

  private var unverified: String? {
    let doubtful = results.filter {
      !$0.identity.verified && !$0.cell.isAsItIs && $0.outcomes.contains { $0.outcome == .ok }
    }
    guard !doubtful.isEmpty else { return nil }
    let variants = Set(doubtful.map(\.cell.variant)).sorted().map(\.description).joined(separator: ", ")
    return "the allocator of \(doubtful.count) of \(count(results, "cell")) is not proven (\(variants)); "
      + "they get no ratio and are never marked as best"
  }

  private var stopped: String? {
    if let futile = session.host.first(where: { $0.name == Session.futileFact }) {
      return "the run stopped by itself after the warm-up, and nothing was measured: \(futile.value)"
    }
    return session.host.first { $0.name == Session.stoppedFact }.map {
      "the run stopped by itself after \($0.value)"
    }
  }

  private var missing: String? {
    guard !session.isFutile else { return nil }
    let planned = session.plan.trials
    let wanted = zip(cells, results).filter { $1.leftOut == nil }.map(\.0)
    let missing = wanted.reduce(0) { $0 + max(0, planned - $1.trials) }
    guard missing > 0 else { return nil }
    return "\(missing) of \(planned * wanted.count) trials are missing: "
      + "`heapscale run --resume --session \(session.id)` measures them"
  }

  private var tooFew: String? {
    guard let needed = try? Median.trialsNeeded() else { return nil }
    let few = cells.count { $0.okTrials > 0 && $0.okTrials < needed }
    guard few > 0 else { return nil }
    return "\(few) of \(count(results, "cell")) have fewer than the \(needed) ok trials that a 95 % "
      + "interval needs: --trials \(needed) or more"
  }

  private var skipped: String? {
    guard !session.skipped.isEmpty else { return nil }
    let variants = Set(session.skipped.map(\.variant)).sorted().map(\.description).joined(separator: ", ")
    return "left out of the plan: \(variants)"
  }

  private var leftOut: String? {
    let cells = results.filter { $0.leftOut != nil }
    guard !cells.isEmpty else { return nil }
    return
      "\(count(cells, "cell")) not measured, because all their settings are inert there, which makes them "
      + "the default again; --measure-inert measures such cells"
  }

  private var shell: String? { session.host.first { $0.name == Session.shellFact }?.value }

  private var sources: String? {
    var lines: [String] = []
    for record in session.audits {
      for source in record.sources ?? [] {
        let line = "\(record.arm.map { "\($0) on " } ?? "")\(record.variant): \(source)"
        if !lines.contains(line) { lines.append(line) }
      }
    }
    guard !lines.isEmpty else { return nil }
    return "allocators are also set, in the default as well, by what is not in the environment: "
      + lines.joined(separator: "; ")
  }

  private var load: String? {
    guard let cores = session.cores else { return nil }
    let busy = conditions.loads.filter { $0 > Double(cores) }
    guard let highest = busy.max() else { return nil }
    let tenths = (highest * 10).rounded() / 10
    return "the load average was above the machine's \(cores) cores before \(busy.count) of \(trials) trials "
      + "(up to \(tenths)): other programs, or workloads with more threads than cores, make times less certain"
  }

  private var missedTicks: String? {
    guard conditions.missedTicks > 0 else { return nil }
    return "the sampler missed \(count(conditions.missedTicks, "reading")) in "
      + "\(conditions.trialsWithMissedTicks) of \(trials) trials; they are counted, not interpolated"
  }

  private var strays: String? {
    guard conditions.strayTrials > 0 else { return nil }
    return "left out \(count(conditions.strayTrials, "trial")) of cells that this session does not have"
  }

  private func count(_ things: [some Any], _ name: String) -> String { count(things.count, name) }

  private func count(_ number: Int, _ name: String) -> String {
    "\(number) \(name)\(number == 1 ? "" : "s")"
  }
}

extension Session {
  /// Whether nothing was measured because all of the warm-up failed.
  var isFutile: Bool { host.contains { $0.name == Session.futileFact } }

  /// The number of cores, if the host facts have it as `cores`.
  var cores: Int? {
    host.first { $0.name == "cores" }.flatMap { Int($0.value) }
  }
}
