import Model

/// What one must know of a session to trust its figures, each in a few words.
enum SessionFacts {
  /// Trials, seed, time and host.
  static func items(_ session: Session) -> [String] {
    let plan = session.plan
    let warmup = plan.warmupBlocks == 0 ? "" : " after \(plan.warmupBlocks) to warm up"
    let host = ["cpu_model", "kernel"].compactMap { name in
      session.host.first { $0.name == name }?.value
    }
    let facts = [
      "session \(session.id)", Timestamp.text(session.startedAt), "heapscale \(session.version)",
      "\(plan.trials) trials a cell\(warmup)", "seed \(plan.seed)",
    ]
    return facts + host
  }
}
