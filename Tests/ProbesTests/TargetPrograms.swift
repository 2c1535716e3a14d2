import Foundation
import Glibc
import Model
import Probes

/// Small C programs and the launch helper, compiled once for all tests of this module.
struct TargetPrograms {
  static let shared = TargetPrograms()
  /// Under a name that no earlier run has used: numbers of processes come again, and with them old programs.
  private let place: PrivateFolder?
  let folder: URL
  static let support = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Workloads/support").standardizedFileURL

  private init() {
    place = try? PrivateFolder(kind: "probes")
    // Ordinary users run these programs, too.
    if let place { chmod(place.path, 0o755) }
    folder = URL(filePath: place?.path ?? "/nonexistent")
  }

  /// The launch helper.
  var helper: String {
    get throws {
      try compiled(
        folder.appending(path: "launch").path, ["cc", "-static", "-O2"],
        TargetPrograms.support.appending(path: "launch.c").path)
    }
  }

  /// A program from its text: in C, and by this compiler with these options, unless others are named.
  func program(
    _ name: String, _ source: String, by compiler: [String] = TargetPrograms.plain, suffix: String = "c"
  ) throws -> String {
    // Another test may have another program of the same name.
    let folder = folder.appending(path: "\((source + compiler.joined()).hashValue.magnitude)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "\(name).\(suffix)")
    try source.write(to: file, atomically: true, encoding: .utf8)
    return try compiled(folder.appending(path: name).path, compiler, file.path)
  }

  static let plain = ["cc", "-O1", "-fno-builtin", "-pthread", "-I", support.path]

  private static let lock = NSLock()

  private func compiled(_ output: String, _ compiler: [String], _ source: String) throws -> String {
    TargetPrograms.lock.lock()
    defer { TargetPrograms.lock.unlock() }
    if FileManager.default.isExecutableFile(atPath: output) { return output }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = compiler + ["-o", output, source]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CompileFailure(name: output) }
    return output
  }

  struct CompileFailure: Error { var name: String }
}

/// Runs one program under a supervisor of its own.
func observe(
  _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
  timeLimit: Double = 20, sampling: Sampling = Sampling(), memoryLimit: Bytes? = nil,
  telemetry: Bool = false, interrupt: Int32 = -1
) throws -> Observation {
  let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper, interrupt: interrupt)
  let spec = LaunchSpec(
    executable: executable, arguments: [executable] + arguments, environment: environment,
    timeLimit: Nanoseconds(seconds: timeLimit), hasTelemetry: telemetry)
  return try supervisor.run(spec, sampling: sampling, memoryLimit: memoryLimit)
}

/// Whether a process whose command line holds the word exists.
func processExists(_ word: String) -> Bool {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.contains { name in
    guard Int32(name) != nil, let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
      return false
    }
    return String(decoding: data, as: UTF8.self).contains(word)
  }
}
