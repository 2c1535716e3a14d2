import Glibc
import Model

extension MeasuredTree {
  /// Looks whether the tree stands still. Costs a system call for each process, and so at most a fiftieth of the time.
  func lookForPause(now: Nanoseconds64) {
    guard pauses.isDue(at: Nanoseconds(now)), now >= nextPauseLook else { return }
    let began = MonotonicClock.ownCPU
    var cpu = endedCPU
    for pid in living.keys { cpu += MeasuredTree.cpuTime(of: pid) ?? 0 }
    let changes = members.count + (members.count - living.count)
    pauses.look(at: Nanoseconds(now), cpu: Nanoseconds(cpu), changes: changes)
    // CPU time: wall time would count what others took from us, and a pause would pass meanwhile.
    nextPauseLook = now + (MonotonicClock.ownCPU - began) * 50
  }

  /// The pauses, as times since the release.
  func pauses(since released: Nanoseconds64) -> [Pause] {
    pauses.pauses.map {
      Pause(
        began: Nanoseconds($0.began.count - released), ended: Nanoseconds($0.ended.count - released),
        cpu: $0.cpu)
    }
  }

  /// CPU time of all threads of a process by the scheduler's clock (clock_getcpuclockid(3)); nil when it is gone.
  private static func cpuTime(of pid: Int32) -> Int64? {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
    return MonotonicClock.nanoseconds(time)
  }
}
