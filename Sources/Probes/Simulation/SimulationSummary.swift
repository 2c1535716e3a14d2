import Model

/// Works out from the runs of one simulation what is told of it.
struct SimulationSummary {
  /// A run of one length under both tools.
  struct Run {
    var cachegrind: CachegrindFile
    var callgrind: CallgrindFile
    var operations: UInt64?
  }

  let longer: Run
  var shorter: Run?
  let allocator: AllocatorCode
  private var isDeterministic: Bool?
  private var variation = 0.0
  private var missesVary = false

  /// Functions that are kept.
  private static let most = 40

  init(longer: Run, allocator: AllocatorCode) {
    self.longer = longer
    self.allocator = allocator
  }

  /// Takes in that the same run was made twice under one tool.
  mutating func repeated(_ first: RawCosts, _ second: RawCosts) {
    let pairs = [
      (first.instructions, second.instructions), (first.reads, second.reads), (first.writes, second.writes),
    ]
    let isSame = pairs.allSatisfy { $0 == $1 }
    isDeterministic = (isDeterministic ?? true) && isSame
    let shares = pairs.map { Double(abs($0 - $1)) / Double(max(1, max($0, $1))) }
    variation = max(variation, shares.max() ?? 0)
    missesVary = missesVary || first.d1Misses != second.d1Misses || first.llMisses != second.llMisses
  }

  /// Two digits that say something.
  private static func percent(_ share: Double) -> String {
    let percent = share * 100
    guard percent >= 0.0001 else { return "less than 0.0001 %" }
    var scale = 10.0
    while percent * scale < 10 { scale *= 10 }
    return "\((percent * scale).rounded() / scale) %"
  }

  /// Everything that is known.
  var events: SimulatedEvents {
    let profile = SimulatedProfile(longer.cachegrind, longer.callgrind)
    let shares = AllocatorShares(longer.callgrind, code: allocator)
    let (whole, inside) = perOperation
    return SimulatedEvents(
      tool: tool, geometry: .standard, total: profile.total, allocator: profile.inside(shares),
      perOperation: whole, allocatorPerOperation: inside, operations: longer.operations,
      functions: profile.largest(SimulationSummary.most, shares), isDeterministic: isDeterministic,
      notes: allNotes)
  }

  private var tool: String {
    let version = longer.callgrind.creator.split(separator: "-").dropFirst().joined(separator: "-")
    return "valgrind" + (version.isEmpty ? "" : " \(version)")
      + ": cachegrind (loads, misses), callgrind (stores)"
  }

  /// What a longer run has more, divided by the operations it has more; nothing without two counts.
  private var perOperation: (whole: EventTotals?, inside: EventTotals?) {
    guard let shorter, let most = longer.operations, let fewest = shorter.operations, most > fewest else {
      return (nil, nil)
    }
    let callgrind = longer.callgrind.subtracting(shorter.callgrind)
    let profile = SimulatedProfile(longer.cachegrind.subtracting(shorter.cachegrind), callgrind)
    let shares = AllocatorShares(callgrind, code: allocator)
    let count = most - fewest
    return (profile.total.divided(by: count), profile.inside(shares).divided(by: count))
  }

  private var allNotes: [String] {
    var result: [String] = []
    if isDeterministic == false {
      result.append("loads and stores vary by \(SimulationSummary.percent(variation)) from run to run")
    } else if missesVary {
      result.append("loads and stores are the same in each run, misses are not quite")
    }
    let isGo = longer.callgrind.functions.keys.contains { $0.name == "runtime.mallocgc" }
    if isDeterministic == false, isGo {
      result.append("the Go runtime's own timing varies; GOMAXPROCS=1 GOGC=off in the settings steadies it")
    }
    if let whole = perOperation.whole, min(whole.d1Misses, whole.llMisses) < 0 {
      result.append(
        "the longer run missed less than the shorter one: misses for each operation cannot be told")
    }
    if let shorter, let most = longer.operations, let fewest = shorter.operations, most <= fewest {
      result.append("both lengths made \(most) operations: there is nothing to divide by")
    }
    return result
  }
}
