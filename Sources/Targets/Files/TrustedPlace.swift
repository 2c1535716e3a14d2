import Glibc

/// Whether programs in a folder may be run: nobody but this user, root, and who owns heapscale itself can have put them
/// there.
///
/// The owner of heapscale's binary is trusted because heapscale is already his program: a checkout that is mounted into a
/// container belongs to another user than the one who runs it there.
struct TrustedPlace: Sendable {
  private let owners: Set<uid_t>
  /// What to do instead.
  private let remedy: String

  /// For a folder that a variable names.
  init(variable: String) {
    var status = stat()
    let owner = stat("/proc/self/exe", &status) == 0 ? [status.st_uid] : []
    owners = Set([0, geteuid()] + owner)
    remedy = "set \(variable) to a folder of your own"
  }

  /// Checks a folder with all above it, links followed. One that is not there yet is judged by the folders above.
  ///
  /// Nobody may write into it but its owner, or, with `byGroup`, its group. Above it others may write only where the
  /// sticky bit keeps them from replacing what is not theirs, as in /tmp. Throws: `TargetsError.file`.
  func check(_ folder: String, byGroup: Bool = false) throws(TargetsError) {
    var path = Files.resolved(folder)
    var isItself = true
    while true {
      var status = stat()
      if lstat(path, &status) == 0 {
        try check(owner: status.st_uid, of: path)
        let others = status.st_mode & (isItself && !byGroup ? 0o022 : 0o002)
        let isSticky = !isItself && status.st_mode & S_ISVTX != 0
        guard others == 0 || isSticky else { throw writable(path) }
      }
      guard path != "/", path != "." else { return }
      path = parentFolder(path)
      isItself = false
    }
  }

  /// Checks a folder or a regular file, not a link, that stands within a checked folder.
  func checkPart(_ path: String) throws(TargetsError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFDIR || kind == S_IFREG else {
      throw TargetsError.file(
        path: path, problem: "is neither a folder nor a regular file; remove it, or \(remedy)")
    }
    try check(owner: status.st_uid, of: path)
    guard status.st_mode & 0o022 == 0 else { throw writable(path) }
  }

  private func check(owner: uid_t, of path: String) throws(TargetsError) {
    guard !owners.contains(owner) else { return }
    throw TargetsError.file(
      path: path, problem: "belongs to user \(owner), whose programs are not run; \(remedy)")
  }

  private func writable(_ path: String) -> TargetsError {
    .file(
      path: path,
      problem:
        "may be written by others, who could put programs there; take that away (chmod go-w), or \(remedy)")
  }
}
