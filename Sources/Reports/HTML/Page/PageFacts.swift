import Model

/// What stands below a page's title: when, where, how much.
struct PageFacts {
  let view: SessionView

  /// The facts, each in a few words.
  var items: [String] {
    let session = view.session
    let trials = view.result.cells.reduce(0) { $0 + $1.trialCount }
    let passed = view.result.cells.reduce(0) { $0 + $1.okCount }
    let measured = view.result.cells.filter { $0.leftOut == nil }
    let proved = measured.filter(\.identity.verified).count
    let cells = measured.count
    return [
      Timestamp.text(session.startedAt), fact("cpu_model"), fact("cores").map { "\($0) cores" },
      fact("kernel").map { "kernel \($0)" },
      "\(cells) \(cells == 1 ? "cell" : "cells")", "\(passed) of \(trials) trials ended ok",
      "allocator proved in \(proved) of \(cells) cells", "session \(session.id)",
    ].compactMap(\.self)
  }

  private func fact(_ name: String) -> String? { view.session.host.first { $0.name == name }?.value }
}
