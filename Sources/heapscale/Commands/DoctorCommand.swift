import ArgumentParser
import Experiments
import Foundation
import Model
import Probes
import Targets

/// `heapscale doctor`: what this machine has.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what this machine has, what is missing, and what that means for the figures.",
    discussion: """
      Tools, allocators, the kernel's permissions and the state of the machine, each with what to do about it. Exit code \
      6 when not even the plain glibc variant can be measured.
      """)

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      Terminal.output("Host\n")
      for fact in HostFacts.read() { line(fact.name, fact.value) }
      Terminal.output("\nToolchains\n")
      for tool in await Toolchains(folder: bench.folder, environment: bench.environment).versions() {
        line(tool.name, tool.path.map { "\(tool.detail)  (\($0))" } ?? tool.detail)
      }
      Terminal.output("\nVariants\n")
      for variant in bench.catalogue.variants { await report(variant, bench) }
      Terminal.output("\nMeasuring\n")
      try await checkMeasuring(bench)
      Terminal.output("\nMemory events\n")
      for entry in EventSection(facilities: .assess()).lines { line(entry.name, entry.text) }
      Terminal.output("\nFolders\n")
      line("data", bench.folder.workloads)
      line("tools", bench.folder.tools)
      line("cache", bench.folder.cache)
      line("results", bench.folder.results)
    }
  }

  private func report(_ variant: Variant, _ bench: Workbench) async {
    switch await bench.builder.availability(of: variant) {
    case .available(let detail): line(variant.description, "ready: \(detail)")
    case .buildable(let detail): line(variant.description, "can be built from source: \(detail)")
    case .missing(let reason): line(variant.description, "missing: \(reason)")
    }
  }

  /// Launches a real process, and tells which figures the kernel lets us have.
  private func checkMeasuring(_ bench: Workbench) async throws {
    let helper = try await bench.builder.launcher()
    line("launch helper", helper)
    let seen = try await MeasuringThread.run {
      try TrialSupervisor(helperPath: helper).run(
        LaunchSpec(
          executable: "/bin/true", arguments: ["true"], environment: [:], timeLimit: Nanoseconds(seconds: 10),
          hasTelemetry: false), sampling: Sampling())
    }
    let (outcome, message) = OutcomeJudge.judge(seen)
    guard outcome == .ok else {
      line("trial of true", "failed: \(outcome) \(message ?? "")")
      throw ExitStatus.machineLacks
    }
    line(
      "exit stop",
      seen.residentHighWater != nil ? "granted: VmHWM and mapped files are exact" : Self.noExitStop)
    line("sampler", seen.samplerRealtime ? "SCHED_FIFO granted" : Self.noRealtime)
    for advice in advice() { line("advice", advice) }
  }

  private static let noExitStop =
    "refused (ptrace): peaks come from ru_maxrss, preloads of commands cannot be verified; allow CAP_SYS_PTRACE"
  private static let noRealtime =
    "normal scheduling: more ticks are missed on a busy machine; allow CAP_SYS_NICE for real-time priority"

  private func advice() -> [String] {
    var result: [String] = []
    if let load = HostFacts.load(), load > Double(ProcessInfo.processInfo.processorCount) * 0.5 {
      result.append(
        "the load is \(load): wait until the machine is quiet, or trust CPU time more than wall time")
    }
    for fact in HostFacts.read() {
      if fact.name == "governor", !["performance", "not readable"].contains(fact.value) {
        result.append(
          "the CPU governor is \(fact.value): `cpupower frequency-set -g performance` steadies times")
      }
    }
    return result
  }

  private func line(_ name: String, _ value: String) {
    let padded = name.count >= 34 ? name + " " : name + String(repeating: " ", count: 34 - name.count)
    Terminal.output("  \(padded)\(value)\n")
  }
}
