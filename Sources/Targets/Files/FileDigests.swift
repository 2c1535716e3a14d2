/// SHA-256 of files by coreutils' `sha256sum`, remembered while path, size and time stay the same.
actor FileDigests {
  private struct Key: Hashable {
    var path: String
    var stamp: Files.Stamp
  }

  private var known: [Key: String] = [:]

  /// The digests of files in hexadecimal, in the order of the paths. One process serves all that are new.
  ///
  /// Throws: `TargetsError.file` for a file that cannot be read.
  func digests(of paths: [String]) async throws(TargetsError) -> [String] {
    var keys: [Key] = []
    for path in paths {
      guard let stamp = Files.stamp(path) else {
        throw TargetsError.file(path: path, problem: "does not exist")
      }
      keys.append(Key(path: path, stamp: stamp))
    }
    try await compute(keys.filter { known[$0] == nil })
    return keys.map { known[$0] ?? "" }
  }

  /// The digest of one file.
  func digest(of path: String) async throws(TargetsError) -> String {
    try await digests(of: [path])[0]
  }

  /// The digest of a text.
  func digest(ofText text: String) async throws(TargetsError) -> String {
    let output = try await ToolRunner.run(["sha256sum"], input: text, errors: false)
    return try FileDigests.parse(output, paths: ["-"])[0]
  }

  private func compute(_ keys: [Key]) async throws(TargetsError) {
    guard !keys.isEmpty else { return }
    let paths = keys.map(\.path)
    // --zero leaves names with backslashes and newlines as they are.
    let output = try await ToolRunner.run(["sha256sum", "--zero", "--"] + paths, seconds: ToolTime.reading)
    for (key, digest) in zip(keys, try FileDigests.parse(output, paths: paths)) { known[key] = digest }
  }

  private static func parse(_ output: ToolOutput, paths: [String]) throws(TargetsError) -> [String] {
    let lines = output.text.split(separator: paths == ["-"] ? "\n" : "\0")
    let digests = lines.map { String($0.prefix(64)) }
    guard output.succeeded, digests.count == paths.count,
      digests.allSatisfy({ $0.count == 64 && $0.allSatisfy(\.isHexDigit) })
    else {
      throw TargetsError.file(
        path: paths.joined(separator: ", "), problem: "sha256sum says: \(output.head(lines: 3))")
    }
    return digests
  }
}
