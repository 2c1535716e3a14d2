/// The place of one program in the cache, under a name made from everything it is made of.
struct ProgramCache: Sendable {
  /// The folder of all programs.
  let cache: String
  /// What it is, e.g. `larson@glibc-dynamic`.
  let name: String
  /// 16 hexadecimal digits from its inputs.
  let key: String

  /// The name of the program's file.
  var programName: String { String(name.split(separator: "@").first ?? "program") }

  /// The program, made by `make` in a folder of its own when it is not there yet. Two processes may do so at the same
  /// time. `receipt` says how it was made.
  func program(receipt: String, make: (String) async throws(TargetsError) -> Void)
    async throws(TargetsError) -> String
  {
    let folder = "\(cache)/targets/\(name)-\(key)"
    let program = "\(folder)/\(programName)"
    if Files.isExecutable(program) { return program }
    let making = try Files.makePrivateFolder(in: "\(cache)/targets")
    do {
      try await make(making)
      try Files.write(receipt + "\n", to: making + "/built-by.txt")
    } catch {
      Files.remove(making)
      throw error
    }
    try Files.publish(making, as: folder)
    return program
  }
}
