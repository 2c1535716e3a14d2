import Model

/// One process of the measured tree while it is watched. Times are CLOCK_MONOTONIC, ns.
final class TreeMember {
  /// A reading of a process's resident set, or what was found of it at that moment.
  struct Reading {
    var time: Nanoseconds64
    var bytes: Int64
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
    /// RSS less PSS (smaps_rollup): what of it others count, at the moments when that was read.
    var shared: [Reading] = []
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
  func readShare(at now: Nanoseconds64) -> Int64? {
    guard !sharesMemory, ended == nil, let rollup = reader?.rollup(), let share = rollup.proportional else {
      return nil
    }
    let shared = max(0, rollup.resident.count - share.count)
    lives[lives.count - 1].shared.append(Reading(time: now, bytes: shared))
    return share.count
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
  /// What of RSS others count at a moment: between two readings of it on a straight line, before the first and after
  /// the last as there. A copy begins with everything shared; another image that was never read shares nothing.
  func shared(at time: Nanoseconds64) -> Int64 {
    let birth = isCopy ? readings.first : nil
    guard let first = shared.first, let last = shared.last else { return birth?.bytes ?? 0 }
    if time <= first.time {
      guard let birth, birth.time < first.time else { return first.bytes }
      let part = Double(max(0, time - birth.time)) / Double(first.time - birth.time)
      return birth.bytes + Int64(part * Double(first.bytes - birth.bytes))
    }
    if time >= last.time { return last.bytes }
    var low = 0
    var high = shared.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if shared[middle].time <= time { low = middle } else { high = middle }
    }
    let (left, right) = (shared[low], shared[high])
    guard right.time > left.time else { return right.bytes }
    let part = Double(time - left.time) / Double(right.time - left.time)
    return left.bytes + Int64(part * Double(right.bytes - left.bytes))
  }

  /// What it holds of the tree's memory at each of its readings.
  var holdings: [TreeMember.Reading] {
    readings.map { .init(time: $0.time, bytes: max(0, $0.bytes - shared(at: $0.time))) }
  }
}
