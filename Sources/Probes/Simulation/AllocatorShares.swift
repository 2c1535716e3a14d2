/// To which share each function of a simulated program worked for the allocator.
///
/// An entry point and all code of the allocator's libraries work for it wholly; any other function to the share in
/// which it was called from such code, by instructions, as gprof spreads time over callers. So `memset` counts as far
/// as calloc calls it, and the dynamic linker's own start-up not at all.
struct AllocatorShares {
  private let shares: [CallgrindFunction: Double]

  /// Works the shares out from the calls of a run.
  init(_ run: CallgrindFile, code: AllocatorCode) {
    var shares: [CallgrindFunction: Double] = [:]
    var callers: [CallgrindFunction: [(caller: CallgrindFunction, cost: Double)]] = [:]
    for (arc, cost) in run.arcs where cost > 0 && arc.caller != arc.callee {
      callers[arc.callee, default: []].append((arc.caller, Double(cost)))
    }
    for function in Set(run.functions.keys).union(callers.keys)
    where code.owns(function.object) || code.isEntryPoint(function.name) {
      shares[function] = 1
      callers[function] = nil
    }
    // Calls may go in circles, so that the shares are approached in rounds.
    let others = callers.sorted { ($0.key.name, $0.key.object) < ($1.key.name, $1.key.object) }
    for _ in 0..<AllocatorShares.rounds {
      var change = 0.0
      for (function, arcs) in others {
        let all = arcs.reduce(0) { $0 + $1.cost }
        let allocators = arcs.reduce(0) { $0 + $1.cost * (shares[$1.caller] ?? 0) }
        let share = all > 0 ? allocators / all : 0
        change = max(change, abs(share - (shares[function] ?? 0)))
        shares[function] = share
      }
      if change < 1e-9 { break }
    }
    self.shares = shares
  }

  /// More rounds than chains of calls are deep in practice.
  private static let rounds = 200

  /// The share of a function, 0 to 1.
  subscript(function: CallgrindFunction) -> Double { shares[function] ?? 0 }
}
