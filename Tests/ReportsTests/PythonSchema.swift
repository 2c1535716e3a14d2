import Foundation

/// A second opinion on the schema: Python's `jsonschema`, where it is installed.
enum PythonSchema {
  /// Whether it can be asked.
  static let isThere = (try? run(["-c", "import jsonschema"], input: "").status) == 0

  /// What it finds wrong with a document; empty when nothing.
  static func faults(of text: String, schema: URL) throws -> String {
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      for fault in jsonschema.Draft202012Validator(schema).iter_errors(json.load(sys.stdin)):
          print(fault.json_path, fault.message)
      """
    let answer = try run(["-c", script, schema.path], input: text)
    return answer.status == 0 ? answer.output : "python3 ended with \(answer.status)"
  }

  /// Runs python3 with a text as its standard input.
  static func run(_ arguments: [String], input: String) throws -> (status: Int32, output: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "heapscale-\(UUID().uuidString).json")
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
