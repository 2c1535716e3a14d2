import Foundation

/// Tells one process from every other that had or will have its pid, so that a resumed session is not
/// taken from a harness that still runs.
struct ProcessStamp: Hashable, Codable, Sendable {
  /// The process id.
  let pid: Int32
  /// When it started, in clock ticks since boot (proc_pid_stat(5), field 22).
  let startTicks: UInt64
  /// Which boot the ticks count from (/proc/sys/kernel/random/boot_id).
  let bootID: String

  /// This process; nil where /proc cannot be read.
  static let current = read(getpid())

  /// Whether exactly this process is alive on this machine; a zombie is not.
  var isAlive: Bool { ProcessStamp.read(pid) == self }

  /// The stamp of a live process.
  static func read(_ pid: Int32) -> ProcessStamp? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
      // The name in field 2 may hold spaces and parentheses, so fields are counted from its end.
      let nameEnd = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let ticks = UInt64(fields[19]) else {
      return nil
    }
    return ProcessStamp(pid: pid, startTicks: ticks, bootID: boot.filter { !$0.isWhitespace })
  }
}

extension ProcessStamp {
  /// Reads the column `runner`; nil when nobody measures.
  static func parse(_ text: String?, session: String) throws(StoreError) -> ProcessStamp? {
    guard let text else { return nil }
    return try StoredText.value(text, of: "the process that measures session '\(session)'")
  }
}
