import Glibc
import Testing

@testable import Probes

@Suite struct EventRefusalTests {
  private static let ordinary = EventPermissions(paranoid: 2, isPrivileged: false, isFiltered: false)

  @Test(arguments: [
    (ENOENT, EventObstacle.Cause.notOffered, "does not have this event"),
    (EACCES, .paranoid, "kernel.perf_event_paranoid=2"), (EOPNOTSUPP, .notOffered, "does not support"),
    (EINVAL, .notOffered, "encoding"), (ENOSYS, .kernel, "CONFIG_PERF_EVENTS"),
    (EBUSY, .busy, "nmi_watchdog"), (ENOSPC, .busy, "counters are taken"),
    (EMFILE, .descriptors, "ulimit -n"),
    (ENODATA, .notOffered, "auxiliary event"), (ENODEV, .noPMU, "not there"), (ESRCH, .other, "ended"),
    (EIO, .other, "Input/output error"),
  ])
  func `every errno has a cause and words that help`(
    number: Int32, cause: EventObstacle.Cause, words: String
  ) {
    let refusal = EventRefusal.explain(number, permissions: EventRefusalTests.ordinary)
    #expect(refusal.cause == cause)
    #expect(refusal.description.contains(words))
  }

  @Test func `EPERM is a filter in a container, and the paranoid level elsewhere`() {
    let filtered = EventPermissions(paranoid: 2, isPrivileged: false, isFiltered: true)
    let refusal = EventRefusal.explain(EPERM, permissions: filtered)
    #expect(refusal.cause == .seccomp && refusal.reason.contains("seccomp filter"))
    #expect(refusal.remedy?.contains("--cap-add PERFMON") == true)
    let strict = EventPermissions(paranoid: 3, isPrivileged: false, isFiltered: false)
    #expect(EventRefusal.explain(EPERM, permissions: strict).cause == .paranoid)
    let root = EventPermissions(paranoid: 3, isPrivileged: true, isFiltered: false)
    #expect(EventRefusal.explain(EPERM, permissions: root).cause == .seccomp)
  }

  @Test(arguments: [EPERM, ENOMEM])
  func `a ring that does not fit meets the limit on locked memory`(_ number: Int32) {
    let refusal = EventRefusal.explain(number, at: .ring, permissions: EventRefusalTests.ordinary)
    #expect(refusal.cause == .lockedMemory)
    #expect(refusal.remedy?.contains("ulimit -l") == true)
  }

  @Test func `kernel events need a lower level than the program's own`() {
    let own = EventRefusal.explain(EACCES, permissions: EventRefusalTests.ordinary)
    let kernel = EventRefusal.explain(EACCES, permissions: EventRefusalTests.ordinary, wantsKernel: true)
    #expect(own.remedy?.contains("paranoid=2") == true)
    #expect(
      kernel.remedy?.contains("paranoid=1") == true && kernel.reason.contains("perf_event_paranoid is 2"))
  }

  @Test func `tracefs is found among the mounts, also within debugfs`() {
    let own = Tracepoints(mounts: "sysfs /sys sysfs rw 0 0\nnone /mnt/my\\040trace tracefs rw 0 0\n")
    #expect(own.root == "/mnt/my trace")
    let debug = Tracepoints(mounts: "debugfs /sys/kernel/debug debugfs rw 0 0\n")
    #expect(debug.root == "/sys/kernel/debug/tracing")
    let none = Tracepoints(mounts: "proc /proc proc rw 0 0\n")
    let refusal = #expect(throws: EventObstacle.self) { try none.id(of: "syscalls/sys_enter_mmap") }
    #expect(refusal?.cause == .tracefs && refusal?.remedy?.contains("mount -t tracefs") == true)
  }
}
