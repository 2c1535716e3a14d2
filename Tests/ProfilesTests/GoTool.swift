import Foundation

/// `go tool pprof`, where the project's Go is installed.
enum GoTool {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../.tools/python/go/bin/go").standardized.path

  /// Whether it can be asked.
  static let isThere = FileManager.default.isExecutableFile(atPath: path)

  /// What it says of a file with these bytes, both streams together.
  static func pprof(_ arguments: [String], of bytes: [UInt8]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "heapscale-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "profile.pb.gz")
    try Data(bytes).write(to: file)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = ["tool", "pprof"] + arguments + [file.path]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["GOTOOLCHAIN": "local", "PPROF_TMPDIR": folder.path, "HOME": NSHomeDirectory()]) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
