import Foundation
import Testing

/// Runs the built binary as a user does.
struct HeapscaleBinary {
  struct Run {
    var status: Int32
    var output: String
    var errors: String
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  /// The release binary that `Scripts/test` names, else the one of this build.
  static var path: String {
    if let named = ProcessInfo.processInfo.environment["HEAPSCALE_BINARY"] { return named }
    return root.appending(path: ".build/debug/heapscale").path
  }

  /// A folder of its own for a test, with a store in it.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "heapscale-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  var store: String { folder.appending(path: "store.sqlite").path }

  func file(_ name: String, _ text: String) throws -> String {
    let path = folder.appending(path: name)
    try text.write(to: path, atomically: true, encoding: .utf8)
    return path.path
  }

  /// Starts the binary without waiting for it.
  func start(
    _ arguments: [String], environment: [String: String] = [:], executable: String = HeapscaleBinary.path
  ) throws -> (Process, () -> Run) {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = folder.appending(path: "out-\(UUID().uuidString)")
    let errors = folder.appending(path: "err-\(UUID().uuidString)")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (
      process,
      {
        process.waitUntilExit()
        return Run(
          status: process.terminationStatus,
          output: (try? String(contentsOf: output, encoding: .utf8)) ?? "",
          errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
      }
    )
  }

  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Run {
    try start(arguments, environment: environment).1()
  }

  /// Runs lines of bash, which can write bytes that no argument of ours can.
  func bash(_ lines: String) throws -> Run { try start(["-c", lines], executable: "/bin/bash").1() }

  /// `run` or `compare` with the store of this test and JSON; returns the document too.
  func measure(_ arguments: String...) throws -> (run: Run, json: Document) {
    let json = folder.appending(path: "\(UUID().uuidString).json").path
    var all = arguments
    let options = ["--store", store, "--json", json, "--quiet"]
    all.insert(contentsOf: options, at: all.firstIndex(of: "--") ?? all.endIndex)
    let result = try start(all).1()
    return (result, try Document(path: json, result))
  }

  func processes(with word: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
      return String(decoding: data, as: UTF8.self).contains(word)
    }
  }
}

/// The JSON of a run, as a user's script would read it.
struct Document {
  let root: [String: Any]

  init(path: String, _ run: HeapscaleBinary.Run) throws {
    let data = try #require(FileManager.default.contents(atPath: path), "no JSON was written: \(run.errors)")
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  var cells: [[String: Any]] { root["cells"] as? [[String: Any]] ?? [] }

  func cell(variant: String) throws -> [String: Any] {
    try #require(cells.first { $0["variant"] as? String == variant })
  }

  static func outcomes(_ cell: [String: Any]) -> [String: Int] { cell["outcomes"] as? [String: Int] ?? [:] }

  static func metric(_ cell: [String: Any], _ id: String) -> [String: Any] {
    (cell["metrics"] as? [String: Any])?[id] as? [String: Any] ?? [:]
  }

  static func median(_ cell: [String: Any], _ id: String) throws -> Double {
    try #require(metric(cell, id)["median"] as? Double, "\(id) has no median")
  }
}
