import Foundation
import Glibc
import Model
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
  static func exists(_ path: String) -> Bool { ByteText.withCString(path) { access($0, F_OK) } == 0 }

  /// Whether a regular file stands at a path that this user may execute.
  static func isExecutable(_ path: String) -> Bool {
    ByteText.withCString(path) { access($0, X_OK) } == 0 && !isFolder(path)
  }

  /// Whether a path is a folder, links followed.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return ByteText.withCString(path, { stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a regular file stands at a path, links followed: neither a folder nor a FIFO that nobody writes to.
  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return ByteText.withCString(path, { stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether executing the file changes user or group.
  static func changesIdentity(_ path: String) -> Bool {
    var status = stat()
    guard ByteText.withCString(path, { stat($0, &status) }) == 0 else { return false }
    return (status.st_mode & S_ISUID != 0 && status.st_uid != geteuid())
      || (status.st_mode & S_ISGID != 0 && status.st_gid != getegid())
  }

  /// Size and time of a file; nil when there is none.
  static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard ByteText.withCString(path, { stat($0, &status) }) == 0 else { return nil }
    return Stamp(
      size: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// The path without links; the path itself when nothing is there.
  static func resolved(_ path: String) -> String {
    guard let text = ByteText.withCString(path, { realpath($0, nil) }) else { return path }
    defer { free(text) }
    return ByteText.text(of: text)
  }

  /// A path as the system has it.
  static func filePath(_ path: String) -> FilePath {
    ByteText.withCString(path) { FilePath(platformString: $0) }
  }

  /// A whole small file; at most `limit` bytes.
  static func read(_ path: String, limit: Int = 16 << 20) throws(TargetsError) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(filePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
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

  /// Makes a folder with its parents, which nobody else may write into, whatever the file mode creation mask.
  static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(TargetsError) {
    if mkdir(path, mode) == 0 { return }
    if errno == ENOENT, path.contains("/"), parentFolder(path) != path {
      try makeFolder(parentFolder(path), mode: mode)
      if mkdir(path, mode) == 0 { return }
    }
    let problem = Errno(rawValue: errno)
    guard !isFolder(path) else { return }
    throw TargetsError.file(path: path, problem: "the folder cannot be made: \(problem)")
  }

  /// A new folder of this process's own within a folder; those that killed processes have left are removed.
  static func makePrivateFolder(in parent: String) throws(TargetsError) -> PrivateFolder {
    try makeFolder(parent)
    do {
      return try PrivateFolder(in: parent, prefix: ".making-")
    } catch {
      throw TargetsError.file(
        path: parent, problem: "no folder can be made in it: \(Errno(rawValue: error.errno))")
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
