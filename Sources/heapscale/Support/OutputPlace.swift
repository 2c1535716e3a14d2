import Foundation
import Glibc
import Model

/// What a path that a user named for output leads to, symbolic links followed; how it is written depends on it.
enum OutputPlace: Equatable {
  /// A regular file, or none yet: it is replaced whole.
  case file(String)
  /// A regular file with other names (hard links), which would keep what they have if it were replaced: written in place.
  case shared(String)
  /// A character device, a FIFO, or what only a descriptor of another process leads to: written through.
  case stream(String)
  /// A socket that somebody listens at.
  case socket(String)
  /// One of the descriptors that heapscale was started with, as in `>(cat)`.
  case descriptor(Int32)

  /// The kernel follows as many links of a path (path_resolution(7)).
  private static let mostLinks = 40

  /// Follows the path.
  ///
  /// Throws: `OutputError` for a folder, a block device, a path whose folder does not exist, and a descriptor that is not
  /// there.
  init(_ path: String) throws(OutputError) {
    // EILSEQ: "Invalid or incomplete multibyte or wide character". Programs may have such names, our own files do not.
    guard !ByteText.hasRawBytes(path) else { throw OutputError(path: path, code: EILSEQ) }
    var current = path
    for _ in 0..<Self.mostLinks {
      let (folder, name) = try Self.parts(of: current, path)
      if let place = try Self.descriptor(folder, name, path) {
        self = place
        return
      }
      let full = folder == "/" ? "/" + name : "\(folder)/\(name)"
      var status = stat()
      guard lstat(full, &status) == 0 else {
        guard errno == ENOENT else { throw OutputError(path: path, code: errno) }
        self = .file(full)
        return
      }
      guard status.st_mode & S_IFMT == S_IFLNK else {
        self = try Self.place(full, status, path)
        return
      }
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: full) else {
        throw OutputError(path: path, reason: "the link '\(full)' cannot be read")
      }
      current = target.hasPrefix("/") ? target : "\(folder)/\(target)"
    }
    throw OutputError(path: path, code: ELOOP)
  }

  /// The folder, without links, and the name in it.
  private static func parts(of path: String, _ named: String) throws(OutputError) -> (String, String) {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    guard !path.isEmpty else { throw OutputError(path: named, reason: "the name is empty") }
    guard !path.hasSuffix("/"), name != ".", name != ".." else {
      throw OutputError(path: named, reason: "it is a folder")
    }
    let folder = path.contains("/") ? String(path.dropLast(name.utf8.count)) : "."
    guard let resolved = realpath(folder, nil) else {
      let reason = errno == ENOENT || errno == ENOTDIR ? nil : String(cString: strerror(errno))
      let shown = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
      throw OutputError(
        path: named, reason: reason.map { "'\(shown)': \($0)" } ?? "there is no folder '\(shown)'")
    }
    defer { free(resolved) }
    return (String(cString: resolved), name)
  }

  /// Links of /proc/PID/fd are no names of files: they are descriptors, and of sockets and pipes the only way.
  private static func descriptor(_ folder: String, _ name: String, _ path: String) throws(OutputError)
    -> OutputPlace?
  {
    let parts = folder.split(separator: "/")
    guard parts.first == "proc", parts.last == "fd", parts.count == 3 || parts.count == 5,
      let process = Int32(parts[1]), let number = Int32(name), number >= 0
    else { return nil }
    guard process == getpid() else { return .stream("\(folder)/\(name)") }
    let flags = fcntl(number, F_GETFD)
    // What heapscale opens itself is closed on exec: such a descriptor has not come from outside.
    guard flags >= 0, flags & FD_CLOEXEC == 0 else {
      throw OutputError(path: path, reason: "heapscale was not started with a descriptor \(number)")
    }
    return .descriptor(number)
  }

  private static func place(
    _ full: String, _ status: stat, _ path: String
  ) throws(OutputError) -> OutputPlace {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw OutputError(path: path, reason: "it is a folder")
    case S_IFBLK: throw OutputError(path: path, reason: "it is a block device, whose contents would be lost")
    case S_IFREG: return status.st_nlink > 1 ? .shared(full) : .file(full)
    case S_IFSOCK: return .socket(full)
    default: return .stream(full)
    }
  }

  /// Fails when it is known beforehand that it cannot be written. Opens nothing: that would be an event at a FIFO.
  func check(_ path: String) throws(OutputError) {
    switch self {
    case .file(let full):
      let folder = URL(filePath: full).deletingLastPathComponent().path
      // Where no new file can be made, one that is there is written in place.
      guard access(folder, W_OK | X_OK) == 0 || access(full, W_OK) == 0 else {
        throw OutputError(path: path, reason: "the folder '\(folder)' is not writable")
      }
    case .shared(let full), .stream(let full), .socket(let full):
      guard access(full, W_OK) == 0 else { throw OutputError(path: path, code: errno) }
    case .descriptor(let number):
      guard fcntl(number, F_GETFL) & O_ACCMODE != O_RDONLY else {
        throw OutputError(path: path, reason: "descriptor \(number) is open for reading only")
      }
    }
  }
}
