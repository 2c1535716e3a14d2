import Model

/// What a tree held over time, put together after its end: only then is it known what each process shared.
struct TreeCurve {
  /// The sum over the tree, with an edge where a process begins or ends.
  private(set) var samples: [ResidentSeries.Sample] = []
  /// Bytes × seconds of each process, in the order of the tree's members.
  private(set) var areas: [Double]
  /// The curve by command; nil where there is one only.
  private(set) var parts: [ResidentSeries.Part]?

  /// A life's holdings, and where it stands in the sum.
  private struct Track {
    var member: Int
    var command: String
    var began: Nanoseconds64
    var ended: Nanoseconds64
    var holdings: [TreeMember.Holding]
    var sweeps: [TreeMember.Sweep]
    var next = 0
    var nextSweep = 0

    /// What it holds at a time that comes after all that were asked for before.
    mutating func value(at time: Nanoseconds64) -> (resident: Double, own: Double) {
      while next + 1 < holdings.count && holdings[next + 1].time <= time { next += 1 }
      let left = holdings[next]
      let right = next + 1 < holdings.count && time > left.time ? holdings[next + 1] : left
      let part = Double(time - left.time) / Double(max(1, right.time - left.time))
      return (
        Double(left.resident) + part * Double(right.resident - left.resident),
        Double(left.own) + part * Double(right.own - left.own)
      )
    }

    /// Its RSS in the sweeps of these times, those asked for before being no later.
    mutating func swept(at before: Nanoseconds64?, _ after: Nanoseconds64?) -> (
      before: Double?, after: Double?
    ) {
      guard let earliest = before ?? after else { return (nil, nil) }
      while nextSweep < sweeps.count && sweeps[nextSweep].time < earliest { nextSweep += 1 }
      let near = sweeps[nextSweep...].prefix { after == nil ? $0.time == before : $0.time <= after ?? 0 }
      return (
        near.first { $0.time == before }.map { Double($0.resident) },
        near.last { $0.time == after }.map { Double($0.resident) }
      )
    }
  }

  /// Adds up a tree from its release to its end. What is below a thousandth of the highest life makes no edge.
  init(
    members: [TreeMember], sweeps: [TreeSweep] = [], isAlone: Bool, origin: Nanoseconds64, end: Nanoseconds64
  ) {
    areas = Array(repeating: 0, count: members.count)
    var tracks: [Track] = []
    for (index, member) in members.enumerated() {
      for (position, life) in member.lives.enumerated() {
        let holdings = life.holdings(isAlone: isAlone)
        let inside = holdings.filter { $0.time >= origin && $0.time <= end }
        guard !inside.isEmpty else { continue }
        tracks.append(
          Track(
            member: index, command: ProcessName.of(path: life.evidence.path, arguments: member.arguments),
            began: max(life.began, origin),
            ended: min(life.ended.map { $0 - (position < member.lives.count - 1 ? 1 : 0) } ?? end, end),
            holdings: inside, sweeps: life.sweeps))
      }
    }
    guard !tracks.isEmpty else { return }
    tracks.sort { $0.began < $1.began }
    sum(tracks, bounds: SweepBounds(sweeps: sweeps), times: TreeCurve.times(of: tracks), origin: origin)
  }

  /// All moments of the curve: the readings, and both sides of every edge.
  private static func times(of tracks: [Track]) -> [Nanoseconds64] {
    let highest = tracks.flatMap(\.holdings).map(\.own).max() ?? 0
    var times: [Nanoseconds64] = []
    for track in tracks {
      times += track.holdings.map(\.time)
      guard let most = track.holdings.map(\.own).max(), most > highest / 1000 else { continue }
      times += [track.began - 1, track.began, track.ended, track.ended + 1]
    }
    times.sort()
    var result: [Nanoseconds64] = []
    for time in times where time != result.last { result.append(time) }
    return result
  }

  private mutating func sum(
    _ tracks: [Track], bounds: SweepBounds, times: [Nanoseconds64], origin: Nanoseconds64
  ) {
    var bounds = bounds
    var waiting = tracks[...]
    var active: [Track] = []
    var before: (time: Nanoseconds64, values: [Int: Double])?
    var commands = CommandCurves()
    samples.reserveCapacity(times.count)
    for time in times where time >= origin {
      while let first = waiting.first, first.began <= time {
        active.append(first)
        waiting.removeFirst()
      }
      active.removeAll { $0.ended < time }
      var values: [Int: Double] = [:]
      var holdings: [(command: String, resident: Bytes)] = []
      let around = bounds.around(time)
      let parts = active.indices.map { index in
        let value = active[index].value(at: time)
        let swept = active[index].swept(at: around.before?.time, around.after?.time)
        return SweepBounds.Part(
          resident: value.resident, own: value.own, residentBefore: swept.before, residentAfter: swept.after)
      }
      let factor = SweepBounds.factor(for: parts, at: time, between: around.before, and: around.after)
      for index in active.indices {
        let value = parts[index].own * factor
        values[active[index].member, default: 0] += value
        holdings.append((active[index].command, Bytes(Int64(nearest: value))))
      }
      if let before {
        let seconds = Double(time - before.time) / 1e9
        for (member, value) in values { areas[member] += value * seconds / 2 }
        for (member, value) in before.values { areas[member] += value * seconds / 2 }
      }
      before = (time, values)
      guard !active.isEmpty else { continue }
      let total = holdings.reduce(0) { $0 + $1.resident.count }
      samples.append(.init(time: Nanoseconds(time - origin), resident: Bytes(total), live: nil))
      commands.add(holdings)
    }
    parts = commands.parts(times: samples.map(\.time))
  }
}
