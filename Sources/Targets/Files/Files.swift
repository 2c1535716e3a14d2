import Foundation
import Glibc
import SystemPackage

/// The few file operations that this module needs, each with one kind of error.
enum Files {
  /// Size and time of the last change, which together tell whether a file is still the same.
  struct Stamp: Hashable, Sendable {
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  /// Whether something stands at a path, links followed.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a regular file stands at a path that this user may execute.
  static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isFolder(path) }

  /// Whether a path is a folder, links followed.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether executing the file changes user or group.
  static func changesIdentity(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return (status.st_mode & S_ISUID != 0 && status.st_uid != geteuid())
      || (status.st_mode & S_ISGID != 0 && status.st_gid != getegid())
  }

  /// Size and time of a file; nil when there is none.
  static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      size: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// The path without links; the path itself when nothing is there.
  static func resolved(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }

  /// A whole small file; at most `limit` bytes.
  static func read(_ path: String, limit: Int = 16 << 20) throws(TargetsError) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      return try collect(file, limit: limit)
    } catch let error as Errno {
      throw TargetsError.file(path: path, problem: "cannot be read: \(error)")
    } catch {
      throw TargetsError.file(path: path, problem: "cannot be read: \(error)")
    }
  }

  /// A whole small text file.
  static func text(_ path: String) throws(TargetsError) -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  private static func collect(_ file: FileDescriptor, limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { break }
      bytes += buffer[..<min(count, limit - bytes.count)]
    }
    return bytes
  }

  /// Writes a text file, with execute permission on request.
  static func write(
    _ text: String, to path: String, executable: Bool = false, makingParents: Bool = false
  ) throws(TargetsError) {
    if makingParents { try makeFolder(parentFolder(path)) }
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: FilePermissions(rawValue: executable ? 0o755 : 0o644))
      defer { try? file.close() }
      try file.writeAll(text.utf8)
    } catch {
      throw TargetsError.file(path: path, problem: "cannot be written: \(error)")
    }
  }

  /// Makes a folder with its parents.
  static func makeFolder(_ path: String) throws(TargetsError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TargetsError.file(path: path, problem: "the folder cannot be made: \(reason(error))")
    }
  }

  /// A new folder of this process's own within a folder, named so that no other process makes the same.
  static func makePrivateFolder(in parent: String) throws(TargetsError) -> String {
    try makeFolder(parent)
    removeAbandoned(in: parent)
    let path = "\(parent)/.making-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    try makeFolder(path)
    return path
  }

  /// Removes what killed processes left behind. An hour's grace, since a process of another container may have a
  /// number that nobody has here.
  private static func removeAbandoned(in parent: String) {
    for name in names(in: parent) where name.hasPrefix(".making-") {
      guard let number = name.split(separator: "-").dropFirst().first.flatMap({ pid_t($0) }),
        kill(number, 0) != 0, errno == ESRCH, let stamp = stamp("\(parent)/\(name)"),
        stamp.seconds < time(nil) - 3600
      else { continue }
      remove("\(parent)/\(name)")
    }
  }

  /// Gives a finished folder its final name. If another process was first, its folder stays: both were made
  /// from the same inputs.
  static func publish(_ made: String, as path: String) throws(TargetsError) {
    if rename(made, path) == 0 { return }
    let problem = Errno(rawValue: errno)
    remove(made)
    guard isFolder(path) else {
      throw TargetsError.file(path: path, problem: "cannot be put in place: \(problem)")
    }
  }

  /// Renames a file within a file system.
  static func move(_ from: String, to path: String) throws(TargetsError) {
    guard rename(from, path) == 0 else {
      throw TargetsError.file(path: path, problem: "cannot be put in place: \(Errno(rawValue: errno))")
    }
  }

  /// Removes a file or a folder with everything in it, if it is there.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// Names in a folder, sorted; nothing when it cannot be read.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The paths that a pattern with `*` matches, sorted; the last is usually the newest version.
  static func matching(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }

  private static func reason(_ error: any Error) -> String {
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return inner.map { "\(Errno(rawValue: CInt($0.code)))" } ?? error.localizedDescription
  }
}

/// The part of a path after its last slash.
func lastComponent(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

/// The part of a path before its last slash; `.` when there is none.
func parentFolder(_ path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
