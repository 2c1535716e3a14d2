import CLinux
import Glibc
import Model

/// The processes of a trial while it runs: who is there, what each holds, who serves malloc in it.
///
/// Where several processes share pages, a sum of RSS would count those several times. What a tree holds is the sum of
/// PSS (smaps_rollup), which is dear to read: between two such sweeps the own part of each process
/// grows as its RSS does. A tree that is one process all the time is its RSS.
final class MeasuredTree {
  /// The processes that are there.
  private(set) var living: [Int32: TreeMember] = [:]
  /// All that ever were, in the order in which they were told of.
  private(set) var members: [TreeMember] = []
  let root: TreeMember
  /// What the tree held in the exit stop of its root; nil before, or where nobody could look.
  private(set) var endResident: Bytes?
  /// The sweeps of the whole tree.
  private(set) var sweeps: [TreeSweep] = []
  /// The highest sum of PSS that a sweep has read.
  private(set) var highestSweep: Int64 = 0
  private let inspect: (Int32) -> ImageEvidence
  private var estimate: Int64 = 0
  private var changedSinceSweep = false
  private var rootHasBegun = false
  private var nextSweep: Nanoseconds64 = 0
  private var nextSweepAtEnd: Nanoseconds64 = 0
  private var nextSweepOfCopies: Nanoseconds64 = 0
  private var lastReading: Nanoseconds64 = 0
  private var youngest: Nanoseconds64 = 0
  /// Stretches in which the tree did nothing.
  var pauses = PauseWatch()
  var nextPauseLook: Nanoseconds64 = 0
  /// CPU time of the processes that have ended.
  private(set) var endedCPU: Int64 = 0

  /// A sweep may take a fiftieth of the time.
  private static let sweepShare: Int64 = 50
  /// A process that begins is read more often at first, or one of 20 ms would be two readings.
  private static let youth: Nanoseconds64 = 24_000_000
  private static let readingInYouth: Nanoseconds64 = 2_000_000
  /// An image is looked at when its dynamic linker has done its work, or at its end.
  private static let settling: Nanoseconds64 = 30_000_000

  /// Begins with the root, which waits before its exec.
  init(root pid: Int32, now: Nanoseconds64, inspect: @escaping (Int32) -> ImageEvidence) {
    self.inspect = inspect
    root = TreeMember(
      pid: pid, parent: 0, began: now, sharesMemory: false,
      life: .init(began: now, evidence: MeasuredTree.unseen(""), isCopy: false))
    living[pid] = root
    members = [root]
    youngest = now
  }

  private static func unseen(_ path: String) -> ImageEvidence {
    ImageEvidence(path: path, allocation: .unknown("it was gone before anybody could look"))
  }

  // MARK: - what the launcher tells

  /// A process was forked.
  func appeared(pid: Int32, parent: Int32, sharesMemory: Bool, at time: Nanoseconds64) {
    guard living[pid] == nil else { return }
    var life = TreeMember.Life(began: time, evidence: MeasuredTree.unseen(""), isCopy: true)
    if let origin = living[parent]?.life {
      life.evidence = origin.evidence
      life.looked = origin.looked
    }
    let member = TreeMember(
      pid: pid, parent: parent, began: time, sharesMemory: sharesMemory, life: life)
    living[pid] = member
    members.append(member)
    changedSinceSweep = true
    youngest = max(youngest, time)
  }

  /// A process runs another program now.
  func became(pid: Int32, path: String, at time: Nanoseconds64) {
    guard let member = living[pid] else { return }
    let life = TreeMember.Life(began: time, evidence: MeasuredTree.unseen(path), isCopy: false)
    if member === root, !rootHasBegun {
      member.life = life  // until then it was the launcher's
      rootHasBegun = true
    } else {
      member.life.ended = time
      member.lives.append(life)
    }
    member.sharesMemory = false
    changedSinceSweep = true
    youngest = max(youngest, time)
  }

  /// A process waits in its exit stop: everything is still as it was at its end.
  func exiting(pid: Int32, at time: Nanoseconds64, now: Nanoseconds64) {
    guard let member = living[pid] else { return }
    let held = read(now: now)
    member.highWater = member.sharesMemory ? nil : member.reader?.highWater()
    member.readArguments()
    look(at: member)
    if living.count > 1 || members.count > 1 {
      let isHigh = estimate > highestSweep + highestSweep / 20
      if isHigh || now >= nextSweepAtEnd || member === root {
        sweep(now: now)
      } else if member.life.hasMovedSinceSweep {
        _ = member.readShare(at: now)
      }
    }
    if member === root {
      // The sweep knows what is shared now: those that shared more may be gone. PSS leaves to others what they have
      // mapped, too, but the tree holds no less than its root.
      let own = root.reader?.rollup()?.resident ?? held
      endResident = isAlone ? own : [own, sweeps.last.map { Bytes($0.own) }].compactMap(\.self).max()
    }
    // It waits for us since then, which is no time of its own.
    member.ended = min(time, now)
    member.life.ended = min(time, now)
    living[pid] = nil
    changedSinceSweep = true
  }

  /// A process is gone; what the kernel charged to it.
  func ended(_ event: hs_launch_event) {
    // The latest of this number: an earlier one has its end already.
    guard let member = living[event.pid] ?? members.last(where: { $0.pid == event.pid && $0.status == nil })
    else { return }
    member.cpu = Nanoseconds(clamping: event.cpu_ns)
    endedCPU += Int64(clamping: event.cpu_ns)
    member.status = event.status
    if member.ended == nil {
      member.ended = Int64(clamping: event.at_ns)
      member.life.ended = member.ended
    }
    living[event.pid] = nil
  }

  // MARK: - readings

  /// When the next reading between two ticks of the sampler is due; nil when no process is young.
  func extraReading(now: Nanoseconds64) -> Nanoseconds64? {
    guard now - youngest < MeasuredTree.youth else { return nil }
    return lastReading + MeasuredTree.readingInYouth
  }

  /// Reads every process. Returns what the tree holds; nil when nothing could be read.
  @discardableResult
  func read(now: Nanoseconds64) -> Bytes? {
    lastReading = now
    var sum: Int64 = 0
    var any = false
    for member in living.values {
      guard let resident = member.read(at: now) else { continue }
      any = true
      sum += isAlone ? resident : member.life.own(.init(time: now, bytes: resident))
    }
    guard any else { return nil }
    estimate = sum
    return Bytes(sum)
  }

  /// What is due besides: a sweep when the tree has changed or grown, a look at an image that has settled.
  func attend(now: Nanoseconds64) {
    lookForPause(now: now)
    if !isAlone, now >= nextSweep,
      changedSinceSweep || estimate > highestSweep + highestSweep / 100 || mayHaveCopied(now)
    {
      sweep(now: now)
    }
    let waiting = living.values.first { !$0.life.looked && now - $0.life.began > MeasuredTree.settling }
    if let waiting {
      waiting.readArguments()
      look(at: waiting)
    }
  }

  /// Whether a forked process may have written to pages that it shared: the sum grows then, and no RSS does.
  private func mayHaveCopied(_ now: Nanoseconds64) -> Bool {
    now >= nextSweepOfCopies && living.values.contains { $0.life.isCopy && !$0.sharesMemory }
  }

  /// Whether the root never had company.
  var isAlone: Bool { members.count == 1 }

  /// Reads the PSS of all processes: their sum counts each page once.
  private func sweep(now: Nanoseconds64) {
    let began = MonotonicClock.ownCPU
    var sum = TreeSweep(time: now, own: 0, resident: 0)
    for member in living.values {
      guard let swept = member.readShare(at: now) else { continue }
      sum.own += swept.own
      sum.resident += swept.resident
    }
    if sum.own > 0 { sweeps.append(sum) }
    highestSweep = max(highestSweep, sum.own)
    changedSinceSweep = false
    let cost = MonotonicClock.ownCPU - began
    // An end is the last moment to see what was shared: it waits for what the budget asks, and no longer.
    nextSweepAtEnd = MonotonicClock.now + cost * MeasuredTree.sweepShare
    nextSweep = max(MonotonicClock.now + 20_000_000, nextSweepAtEnd)
    nextSweepOfCopies = max(MonotonicClock.now + 50_000_000, nextSweepAtEnd)
  }

  /// Looks who serves malloc, unless that is known already.
  private func look(at member: TreeMember) {
    if member.life.looked {
      guard case .unknown = member.life.evidence.allocation else { return }
    }
    var evidence = inspect(member.reader?.thread ?? member.pid)
    if evidence.path.isEmpty { evidence.path = member.life.evidence.path }
    member.life.evidence = evidence
    member.life.looked = true
  }
}
