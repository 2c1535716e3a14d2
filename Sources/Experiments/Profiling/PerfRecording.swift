import Foundation
import Glibc
import Model
import Probes

/// A run under `perf record`, for those who want to go on with perf's own reports.
public struct PerfRecording: Sendable {
  private let perf: String
  private let period: UInt64
  private let memoryPeriod: UInt64?

  /// Finds perf. `period` is the number of page faults from one sample to the next, `memoryPeriod` that of loads and
  /// stores; nil where the machine samples none.
  ///
  /// Throws: `InputError` when perf is not installed.
  public init(searchPath: String, period: UInt64, memoryPeriod: UInt64?) throws(InputError) {
    let candidates = searchPath.split(separator: ":").map { "\($0)/perf" }
    guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw InputError(
        "perf is not installed, so that --perf-data cannot be written",
        hint: "apt-get install linux-perf, or leave --perf-data out: --pprof and --flamegraph need no perf")
    }
    perf = found
    self.period = period
    self.memoryPeriod = memoryPeriod
  }

  /// Runs a program once more under perf and moves what it wrote to `path`, whole.
  ///
  /// Throws: `InputError` when perf wrote nothing that can be read, with its own words; `ProbeError` when the harness
  /// fails.
  public func run(_ prepared: PreparedCell, to path: String, helperPath: String, interrupt: Int32) throws {
    let partial = path + ".partial-\(getpid())"
    defer { for name in [partial, partial + ".old"] { unlink(name) } }
    let supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
    let seen = try supervisor.run(launch(prepared.launch, to: partial), sampling: Sampling(rateHz: 0))
    guard seen.ending != .interrupted else { return }
    guard PerfRecording.isWhole(partial) else {
      let words = seen.standardError.split(separator: "\n").suffix(3).joined(separator: "; ")
      throw InputError(
        "perf record wrote no data: \(words.isEmpty ? OutcomeJudge.judge(seen).message ?? "no message" : words)",
        hint: "leave --perf-data out, or see `heapscale doctor` for what the kernel allows")
    }
    guard rename(partial, path) == 0 else {
      throw ProbeError.system(call: "rename", subject: path, errno: errno)
    }
  }

  /// The events as perf names them. Where sysfs has mem-loads-aux, it leads the group of mem-loads.
  static func events(period: UInt64, memoryPeriod: UInt64?, has: (String) -> Bool) -> [String] {
    let faults = ["-e", "page-faults/period=\(period)/"]
    guard let memoryPeriod else { return faults }
    if has("ibs_op") {
      return faults + ["-e", "ibs_op/period=\(max(16, memoryPeriod / 16 * 16))/", "-d", "-W"]
    }
    let names = ["cpu", "cpu_core"].first { has("\($0)/events/mem-loads") }
    guard let source = names else { return faults }
    let loads = "\(source)/mem-loads,ldlat=30,period=\(memoryPeriod)/P"
    let group = has("\(source)/events/mem-loads-aux") ? "{\(source)/mem-loads-aux/,\(loads)}" : loads
    return faults + ["-e", group, "-e", "\(source)/mem-stores,period=\(memoryPeriod)/P", "-d", "-W"]
  }

  private func launch(_ program: LaunchSpec, to file: String) -> LaunchSpec {
    let sources = "/sys/bus/event_source/devices/"
    let events = PerfRecording.events(period: period, memoryPeriod: memoryPeriod) {
      access(sources + $0, F_OK) == 0
    }
    var launch = program
    launch.executable = perf
    launch.arguments =
      ["perf", "record", "-q", "-g", "-o", file] + events + ["--", program.executable]
      + program.arguments.dropFirst()
    // What perf writes at the end would wait for a process that is held.
    launch.withoutStops = true
    return launch
  }

  /// perf writes the head of its file last: the size of the data stands there once all of it was written.
  static func isWhole(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 104),
      head.count == 104, head.starts(with: Array("PERFILE2".utf8))
    else { return false }
    // struct perf_file_header: magic, size, attr_size, attrs {offset, size}, data {offset, size}.
    return head[48..<56].contains { $0 != 0 }
  }
}
