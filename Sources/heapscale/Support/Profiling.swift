import Experiments
import Foundation
import Glibc
import Model
import Probes
import Profiles
import Targets

/// A profile from what is asked for to its result.
struct Profiling {
  let bench: Workbench
  let request: ProfileRequest
  /// Whether the program is simulated; nil where the machine decides.
  let simulates: Bool?
  let quiet: Bool
  /// Heap profiles that the program wrote by itself: read after it has run.
  var heapFiles: [String] = []
  /// Where `perf record` writes in a run of its own; nil for no such run.
  var perfData: String?

  /// Profiles what the flags named; tells as well whether the user cut a program short.
  func profile(_ source: ProfileTargetOptions.Source) async throws -> (result: ProfileResult, isCut: Bool) {
    if perfData != nil {
      guard case .cell = source else {
        throw InputError(
          "--perf-data is for programs that heapscale starts", hint: "for others, `perf record -g -p PID`")
      }
    }
    var (result, isCut) =
      switch source {
      case .cell(let plan): try await profile(plan)
      case .process(let pid, let duration): (try await attach(pid, duration), false)
      case .file(let path): (try saved(path), false)
      }
    try readHeaps(into: &result)
    return (result, isCut)
  }

  /// A result that `--json` wrote.
  private func saved(_ path: String) throws -> ProfileResult {
    if PerfDataFile.isOne(path) { return try recorded(path) }
    return try ProfileResultFile.read(try ProfileFile(path).bytes, file: path)
  }

  /// A recording of perf's.
  private func recorded(_ path: String) throws -> ProfileResult {
    let file = try PerfDataFile(path: path)
    let written = (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)?
      .timeIntervalSince1970
    var result = ProfileResult(
      title: "\(path), recorded by perf", command: [], cell: nil,
      startedAt: written ?? Date().timeIntervalSince1970, host: file.host, version: Version.text,
      commandLine: file.commandLine)
    try Profiler(catalogue: bench.catalogue, helperPath: "", interrupt: -1)
      .analyse(file, writtenAt: written, into: &result)
    return result
  }

  private func profile(_ plan: Plan) async throws -> (ProfileResult, Bool) {
    let recording = try perfRecording()
    let prepared = try await cell(of: plan)
    let cell = prepared.cell
    var result = begin(
      title: "\(cell.subject.description) on \(cell.variant)", command: prepared.launch.arguments, cell: cell)
    // Whether the allocator can write one is known before anything runs.
    let heapRun = request.heapProfile ? try HeapRun(cell.variant, catalogue: bench.catalogue) : nil
    defer { heapRun?.remove() }
    let helper = try await bench.builder.launcher()
    let interrupt = InterruptSignal()
    let profiler = Profiler(catalogue: bench.catalogue, helperPath: helper, interrupt: interrupt.descriptor)
    say("sampling \(result.title)")
    let begun = result
    let request = request
    result = try await MeasuringThread.run {
      var result = begun
      try profiler.run(prepared, request, into: &result)
      return result
    }
    if result.outcome == .ok {
      try await record(prepared, recording, helper, interrupt, into: &result)
      try await profileHeap(prepared, heapRun, helper, interrupt, into: &result)
      try await simulate(prepared, helper, interrupt, into: &result)
    }
    return (result, interrupt.hasCome)
  }

  /// What perf could not write is no reason to lose the rest.
  private func record(
    _ prepared: PreparedCell, _ recording: PerfRecording?, _ helper: String, _ interrupt: InterruptSignal,
    into result: inout ProfileResult
  ) async throws {
    guard let recording, let perfData else { return }
    say("recording \(result.title) by perf, in a run of its own")
    let descriptor = interrupt.descriptor
    let recorded = try OutputFile.partial(for: perfData)
    defer { unlink(recorded) }
    do {
      try await MeasuringThread.run {
        try recording.run(prepared, to: recorded, helperPath: helper, interrupt: descriptor)
      }
      if access(recorded, F_OK) == 0 { try OutputFile.write(file: recorded, to: perfData) }
    } catch let error as InputError {
      result.unavailable.append(Unavailability(what: "perf.data", reason: error.description))
    }
  }

  private func perfRecording() throws -> PerfRecording? {
    guard perfData != nil else { return nil }
    return try PerfRecording(
      searchPath: bench.environment["PATH"] ?? "/usr/bin:/bin", period: request.faultPeriod,
      memoryPeriod: EventFacilities.assess().samplesAccesses ? request.memory?.period : nil)
  }

  /// A process that has no program of its own, or one that we may not look at, would give an empty profile.
  private func refuseForeign(_ pid: Int32) throws(InputError) {
    var name = [CChar](repeating: 0, count: 1)
    guard readlink("/proc/\(pid)/exe", &name, 1) < 0 else { return }
    switch errno {
    case EACCES, EPERM:
      throw InputError(
        "process \(pid) may not be looked at: it belongs to another user, or hides its memory",
        hint: "run heapscale as its user or as root")
    case ENOENT:
      throw InputError(
        "process \(pid) is a kernel thread or has just ended: it has no memory of its own",
        hint: "see `ps` for programs that run")
    default:
      throw InputError("process \(pid) cannot be looked at: \(String(cString: strerror(errno)))")
    }
  }

  private func attach(_ pid: Int32, _ duration: Nanoseconds) async throws -> ProfileResult {
    try refuseForeign(pid)
    guard !request.heapProfile, request.phase == nil else {
      throw InputError(
        "--heap and --phase are for programs that heapscale starts",
        hint: "leave them out; --heap-profile FILE reads a file that the process wrote")
    }
    let begun = begin(title: "process \(pid), \(ProcessName.of(pid))", command: [], cell: nil)
    let helper = try await bench.builder.launcher()
    let interrupt = InterruptSignal()
    let profiler = Profiler(catalogue: bench.catalogue, helperPath: helper, interrupt: interrupt.descriptor)
    say("sampling process \(pid) for \(duration.seconds) s; Ctrl-C ends it earlier")
    let request = request
    let result = try await MeasuringThread.run {
      var result = begun
      try profiler.attach(pid: pid, duration: duration, request, into: &result)
      return result
    }
    withExtendedLifetime(interrupt) {}
    return result
  }

  private func begin(title: String, command: [String], cell: Cell?) -> ProfileResult {
    ProfileResult(
      title: title, command: command, cell: cell, startedAt: Date().timeIntervalSince1970,
      host: HostFacts.read(), version: Version.text, commandLine: ByteText.arguments)
  }

  /// The one cell that is profiled: with the settings, if any were given.
  private func cell(of plan: Plan) async throws -> PreparedCell {
    say("building \(plan.variants[0])")
    let preparer = Preparer(
      catalogue: bench.catalogue, builder: bench.builder, environment: bench.environment)
    let prepared = try await preparer.prepare(plan)
    if let skipped = prepared.skipped.first {
      Terminal.note("heapscale: \(skipped.variant) cannot be profiled: \(skipped.reason)")
      throw ExitStatus.machineLacks
    }
    guard let cell = prepared.cells.last else {
      throw InputError("nothing to profile: the settings are not for \(plan.variants[0])")
    }
    return cell
  }

  /// What the program's allocator writes, in a run of its own.
  private func profileHeap(
    _ prepared: PreparedCell, _ run: HeapRun?, _ helper: String, _ interrupt: InterruptSignal,
    into result: inout ProfileResult
  ) async throws {
    guard let run else { return }
    say("profiling the heap of \(result.title), in a run of its own")
    let descriptor = interrupt.descriptor
    let files = try await MeasuringThread.run {
      try run.run(prepared, helperPath: helper, interrupt: descriptor)
    }
    guard !files.isEmpty else {
      result.unavailable.append(
        Unavailability(
          what: "heap profile", reason: "\(prepared.cell.variant.allocator) wrote none",
          remedy: "it writes one at the end of a program that returns from main or calls exit"))
      return
    }
    let allocator = AllocatorCode(inStacksOf: prepared.cell.variant, catalogue: bench.catalogue)
    for file in files {
      result.heaps.append(
        try HeapProfiles.readOwn(
          file, title: "heap of \(prepared.cell.variant.allocator) by call site", allocator: allocator))
    }
  }

  /// Adds the files that the user named.
  private func readHeaps(into result: inout ProfileResult) throws {
    for path in heapFiles {
      result.heaps.append(try HeapProfiles.read(try ProfileFile(path), catalogue: bench.catalogue))
    }
  }

  private func simulate(
    _ prepared: PreparedCell, _ helper: String, _ interrupt: InterruptSignal, into result: inout ProfileResult
  ) async throws {
    let countsLoads = result.events.contains { $0.metric.id == "loads" && $0.value != nil }
    guard simulates ?? !countsLoads else { return }
    say("simulating \(result.title) under valgrind, which runs it several times more; --no-simulate skips it")
    let limit = Nanoseconds(max(prepared.launch.timeLimit.count, result.duration.count * 100))
    let simulations = Simulations(
      catalogue: bench.catalogue, helperPath: helper, limit: limit, searchPath: bench.environment["PATH"],
      interrupt: interrupt.descriptor)
    let records = try await MeasuringThread.run {
      var records: [SimulationRecord] = []
      _ = try simulations.run([prepared], report: { _ in }, record: { records.append($0) })
      return records
    }
    result.simulated = records.first?.events
    if let reason = records.first?.unavailable {
      result.unavailable.append(Unavailability(what: "simulated loads and stores", reason: reason))
    } else if records.isEmpty {
      result.notes.append("the simulation was interrupted")
    }
  }

  private func say(_ text: String) {
    if !quiet { Terminal.note(text) }
  }
}

/// What a process is called.
private enum ProcessName {
  static func of(_ pid: Int32) -> String {
    let name = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
    return name.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
