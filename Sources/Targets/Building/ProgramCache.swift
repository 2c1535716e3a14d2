import Glibc

/// The place of one program in the cache, under a name made from everything it is made of.
///
/// What stands there is run: it must have been put there by this user, and must still be what was put there.
struct ProgramCache: Sendable {
  /// The folder of all programs.
  let cache: String
  /// What it is, e.g. `larson@glibc-dynamic`.
  let name: String
  /// 16 hexadecimal digits from its inputs.
  let key: String

  /// The name of the program's file.
  var programName: String { String(name.split(separator: "@").first ?? "program") }

  private var targets: String { "\(cache)/targets" }
  private var folder: String { "\(targets)/\(name)-\(key)" }
  private static let digestName = "sha256"

  /// The program, made by `make` in a folder of its own when it is not there yet. Two processes may do so at the same
  /// time. `receipt` says how it was made.
  ///
  /// Throws: `TargetsError.file` for a cache that others may write into, and what `make` throws.
  func program(
    receipt: String, digests: FileDigests, make: (String) async throws(TargetsError) -> Void
  ) async throws(TargetsError) -> String {
    let program = "\(folder)/\(programName)"
    // Others may run what is here, as another user does from root's checkout; nobody else may write.
    try Files.makeFolder(cache, mode: 0o755)
    let place = TrustedPlace(variable: DataFolder.cacheVariable)
    try place.check(cache)
    for part in [targets, folder, program] { try place.checkPart(part) }
    if try await isWhole(program, digests) { return program }
    let making = try Files.makePrivateFolder(in: targets)
    do {
      try await make(making.path)
      try Files.write(receipt + "\n", to: making.path + "/built-by.txt")
      let digest = try await digests.digest(of: "\(making.path)/\(programName)")
      try Files.write(digest + "\n", to: "\(making.path)/\(Self.digestName)")
      chmod(making.path, 0o755)
      try Files.publish(making.path, as: folder)
    } catch {
      making.remove()
      throw error
    }
    return program
  }

  /// Whether the program is there with the digest that it had when it was made. A damaged one (a full disk, a machine that
  /// lost power) is taken away.
  private func isWhole(_ program: String, _ digests: FileDigests) async throws(TargetsError) -> Bool {
    guard Files.exists(folder) else { return false }
    if Files.isExecutable(program), let text = try? Files.text("\(folder)/\(Self.digestName)") {
      let recorded = text.split(whereSeparator: \.isWhitespace).first.map(String.init)
      if try await digests.digest(of: program) == recorded { return true }
    }
    Files.remove(folder)
    return false
  }
}
