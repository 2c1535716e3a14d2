import Model

/// Both tools' counts of one run, or of the difference of two, put together function by function.
///
/// A read-modify-write instruction loads and stores. cachegrind counts it as a read, callgrind as a write: loads are
/// cachegrind's reads, stores callgrind's writes. cachegrind names no object files and calls all code without
/// symbols `???`; such a group's counts are spread over callgrind's functions of the same group: read-modify-writes
/// by their writes, misses by their misses. Sums stay those of the tool that counted.
struct SimulatedProfile {
  let functions: [(function: CallgrindFunction, own: EventTotals)]
  let total: EventTotals

  /// Puts two files together.
  init(_ cachegrind: CachegrindFile, _ callgrind: CallgrindFile) {
    total = EventTotals(
      instructions: Double(cachegrind.total.instructions), loads: Double(cachegrind.total.reads),
      stores: Double(callgrind.total.writes), d1Misses: Double(cachegrind.total.d1Misses),
      llMisses: Double(cachegrind.total.llMisses))
    var groups: [String: [(function: CallgrindFunction, costs: RawCosts)]] = [:]
    for (function, costs) in callgrind.functions {
      groups[SimulatedProfile.group(function, cachegrind), default: []].append((function, costs))
    }
    var counted: [String: RawCosts] = [:]
    for (name, costs) in cachegrind.functions {
      let group = groups[name] == nil ? CachegrindFile.unknown : name
      counted[group, default: RawCosts()] += costs
    }
    functions = groups.flatMap { name, members in
      SimulatedProfile.spread(counted[name] ?? RawCosts(), over: members)
    }
  }

  private static func group(_ function: CallgrindFunction, _ cachegrind: CachegrindFile) -> String {
    guard !function.isUnknown, cachegrind.functions[function.name] != nil else {
      return CachegrindFile.unknown
    }
    return function.name
  }

  private static func spread(
    _ counted: RawCosts, over members: [(function: CallgrindFunction, costs: RawCosts)]
  ) -> [(function: CallgrindFunction, own: EventTotals)] {
    var sum = RawCosts()
    for member in members { sum += member.costs }
    let both = counted.reads - sum.reads
    return members.map { function, costs in
      let loads =
        both >= 0
        ? Double(costs.reads) + part(costs.writes, of: sum.writes, both, among: members.count)
        : part(costs.reads, of: sum.reads, counted.reads, among: members.count)
      let own = EventTotals(
        instructions: part(
          costs.instructions, of: sum.instructions, counted.instructions, among: members.count),
        loads: loads, stores: Double(costs.writes),
        d1Misses: part(costs.d1Misses, of: sum.d1Misses, counted.d1Misses, among: members.count),
        llMisses: part(costs.llMisses, of: sum.llMisses, counted.llMisses, among: members.count))
      return (function, own)
    }
  }

  /// A member's part of what the whole group has; equal parts where there is nothing to go by.
  private static func part(_ own: Int64, of sum: Int64, _ whole: Int64, among members: Int) -> Double {
    sum == 0 ? Double(whole) / Double(members) : Double(whole) * Double(own) / Double(sum)
  }

  /// The events inside the allocator.
  func inside(_ shares: AllocatorShares) -> EventTotals {
    var result = EventTotals(instructions: 0, loads: 0, stores: 0, d1Misses: 0, llMisses: 0)
    for (function, own) in functions {
      let share = shares[function]
      guard share > 0 else { continue }
      result.instructions += own.instructions * share
      result.loads += own.loads * share
      result.stores += own.stores * share
      result.d1Misses += own.d1Misses * share
      result.llMisses += own.llMisses * share
    }
    return result
  }

  /// The functions with most loads and stores, largest first.
  func largest(_ count: Int, _ shares: AllocatorShares) -> [SimulatedFunction] {
    let sorted = functions.sorted {
      let left = $0.own.loads + $0.own.stores
      let right = $1.own.loads + $1.own.stores
      return left == right ? $0.function.name < $1.function.name : left > right
    }
    return sorted.prefix(count).map { function, own in
      let frame = Frame(
        function: function.isUnknown ? "[unknown]" : function.name, object: function.object,
        role: shares[function] >= 0.5 ? .allocator : .program)
      return SimulatedFunction(frame: frame, own: own)
    }
  }
}

extension EventTotals {
  /// The events for each of a number of operations.
  func divided(by operations: UInt64) -> EventTotals {
    let count = Double(operations)
    return EventTotals(
      instructions: instructions / count, loads: loads / count, stores: stores / count,
      d1Misses: d1Misses / count, llMisses: llMisses / count)
  }
}
