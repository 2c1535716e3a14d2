import Model

/// One process of the measured tree while it is watched. Times are CLOCK_MONOTONIC, ns.
final class TreeMember {
  /// A reading of a process's resident set, or what was found of it at that moment.
  struct Reading {
    var time: Nanoseconds64
    var bytes: Int64
  }

  /// What a process had mapped, and what of it counts for the tree, at one of its readings.
  struct Holding {
    var time: Nanoseconds64
    var resident: Int64
    var own: Int64
  }

  /// What a process had mapped and what of it was its own: PSS, in which a page that n processes share counts an nth.
  struct Sweep {
    var time: Nanoseconds64
    var resident: Int64
    var own: Int64
  }

  /// A program image in the process: from its exec, or from the fork that copied it, to the next exec or the end.
  struct Life {
    var began: Nanoseconds64
    var ended: Nanoseconds64?
    var evidence: ImageEvidence
    /// Whether somebody has looked into its memory.
    var looked = false
    /// Whether it is a copy of the parent's image, of which the parent still counts what they share.
    var isCopy: Bool
    /// RSS (statm).
    var readings: [Reading] = []
    /// RSS and PSS (smaps_rollup), at the moments when those were read.
    var sweeps: [Sweep] = []
  }

  let pid: Int32
  let parent: Int32
  let began: Nanoseconds64
  var ended: Nanoseconds64?
  /// Whether it runs in its parent's memory until it calls exec (vfork), and so holds none of its own.
  var sharesMemory: Bool
  var lives: [Life]
  /// VmHWM, when it was read.
  var highWater: Bytes?
  /// As they were last read: a server gives itself a title there.
  var arguments: [String]?
  var cpu: Nanoseconds?
  var status: Int32?
  let reader: ProcessReader?

  init(pid: Int32, parent: Int32, began: Nanoseconds64, sharesMemory: Bool, life: Life) {
    self.pid = pid
    self.parent = parent
    self.began = began
    self.sharesMemory = sharesMemory
    lives = [life]
    reader = try? ProcessReader(pid: pid)
  }

  /// The image that runs now.
  var life: Life {
    get { lives[lives.count - 1] }
    set { lives[lives.count - 1] = newValue }
  }

  /// Reads statm; nil when it holds nothing of its own or has no memory any more.
  func read(at now: Nanoseconds64) -> Int64? {
    guard !sharesMemory, ended == nil, let resident = reader?.resident() else { return nil }
    lives[lives.count - 1].readings.append(Reading(time: now, bytes: resident.count))
    return resident.count
  }

  /// Reads smaps_rollup: PSS, and how much less that is than RSS.
  func readShare(at now: Nanoseconds64) -> Sweep? {
    guard !sharesMemory, ended == nil, let rollup = reader?.rollup(), let share = rollup.proportional else {
      return nil
    }
    let sweep = Sweep(
      time: now, resident: rollup.resident.count, own: min(share.count, rollup.resident.count))
    lives[lives.count - 1].sweeps.append(sweep)
    return sweep
  }

  /// Reads its arguments (proc_pid_cmdline(5)), the beginning of them.
  func readArguments() {
    guard let text = ProcText.read("/proc/\(reader?.thread ?? pid)/cmdline"), !text.isEmpty else { return }
    arguments = text.split(separator: "\0", omittingEmptySubsequences: false).dropLast().prefix(16).map {
      String($0.prefix(256))
    }
  }

  /// The highest resident set that anybody saw.
  var peak: Bytes? {
    let read = lives.lazy.flatMap(\.readings).map(\.bytes).max().map { Bytes($0) }
    guard let highWater else { return read }
    return max(highWater, read ?? highWater)
  }
}

extension TreeMember {
  /// What is told of it after the trial.
  func sight(released: Nanoseconds64, area: Double) -> ProcessSight {
    var sight = ProcessSight(
      pid: pid, parent: parent, began: Nanoseconds(max(0, began - released)),
      ended: ended.map { Nanoseconds($0 - released) },
      images: lives.map { .init(began: Nanoseconds(max(0, $0.began - released)), evidence: $0.evidence) },
      peakResident: peak, cpu: cpu, status: status, residentArea: area)
    sight.arguments = arguments
    return sight
  }
}

extension TreeMember.Life {
  /// What of a reading is the process's own, by the sweeps around it.
  ///
  /// Between two of them the own part grows as RSS does: pages that it maps and shares with others look like its own until
  /// they are swept, and are no peak. What lies beyond both is its own. A copy begins with nothing of its own; another
  /// image that was never swept is all its own.
  func own(_ reading: TreeMember.Reading) -> Int64 {
    var before =
      isCopy ? readings.first.map { TreeMember.Sweep(time: $0.time, resident: $0.bytes, own: 0) } : nil
    var after: TreeMember.Sweep?
    let index = firstSweep(after: reading.time)
    if index > 0 { before = sweeps[index - 1] }
    if index < sweeps.count { after = sweeps[index] }
    switch (before, after) {
    case (nil, nil): return reading.bytes
    case (let only?, nil), (nil, let only?): return max(0, only.own + reading.bytes - only.resident)
    case (let left?, let right?):
      let (low, high) = left.resident <= right.resident ? (left, right) : (right, left)
      if reading.bytes < low.resident { return max(0, low.own + reading.bytes - low.resident) }
      if reading.bytes > high.resident { return max(0, high.own + reading.bytes - high.resident) }
      let part =
        high.resident > low.resident
        ? (low, Double(reading.bytes - low.resident) / Double(high.resident - low.resident), high)
        : (left, Double(reading.time - left.time) / Double(max(1, right.time - left.time)), right)
      return part.0.own + Int64(nearest: part.1 * Double(part.2.own - part.0.own))
    }
  }

  /// Whether its last reading is far from what was swept last: without another sweep all of it would look like its own.
  var hasMovedSinceSweep: Bool {
    guard let last = sweeps.last, let reading = readings.last else { return true }
    return abs(reading.bytes - last.resident) > last.resident / 20
  }

  /// Index of the first sweep after a moment, by halves.
  private func firstSweep(after time: Nanoseconds64) -> Int {
    var low = 0
    var high = sweeps.count
    while low < high {
      let middle = (low + high) / 2
      if sweeps[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What it holds of the tree's memory at each of its readings; all of it where it is alone.
  func holdings(isAlone: Bool) -> [TreeMember.Holding] {
    readings.map { .init(time: $0.time, resident: $0.bytes, own: isAlone ? $0.bytes : own($0)) }
  }
}
