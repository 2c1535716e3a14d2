import Foundation
import Glibc

/// Files that users name for output.
///
/// A regular file is replaced whole, by one that was written beside it, and keeps its mode and owner; a symbolic link is
/// followed. What must not be replaced is written through: a device, a FIFO or a descriptor's name such as process
/// substitution passes, and a file that has other names (hard links), which would otherwise keep the old contents.
enum OutputFile {
  /// Writes a text.
  static func write(_ text: String, to path: String) throws(OutputError) {
    try write(bytes: Array(text.utf8), to: path)
  }

  /// Writes bytes.
  ///
  /// Throws: `OutputError` with the path and the system's reason; a regular file is then as it was.
  static func write(bytes: [UInt8], to path: String) throws(OutputError) {
    switch try Place(path) {
    case .through(let name): try writeThrough(bytes, name, shown: path)
    case .replaced(let name, let status): try replace(bytes, name, status, shown: path)
    }
  }

  /// Throws when the path cannot be written in the end, before an hour is spent on measuring.
  static func check(_ path: String) throws(OutputError) {
    switch try Place(path) {
    case .through(let name):
      guard access(name, F_OK) != 0 || access(name, W_OK) == 0 else {
        throw OutputError(path: path, errno: errno)
      }
    case .replaced(let name, _):
      let folder = (name as NSString).deletingLastPathComponent
      var status = stat()
      guard stat(folder.isEmpty ? "." : folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw OutputError(path: path, reason: "there is no folder '\(folder)'")
      }
      guard access(folder.isEmpty ? "." : folder, W_OK) == 0 else {
        throw OutputError(path: path, reason: "the folder '\(folder)' is not writable")
      }
    }
  }

  /// How a path is written.
  private enum Place {
    /// As it is.
    case through(String)
    /// By a rename over this name; the status of the file there, if there is one.
    case replaced(String, stat?)

    init(_ path: String) throws(OutputError) {
      var status = stat()
      guard stat(path, &status) == 0 else {
        // A link to nothing makes the file that it names.
        self =
          (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == nil
          ? .replaced(path, nil) : .through(path)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: throw OutputError(path: path, reason: "it is a folder")
      case S_IFBLK:
        throw OutputError(path: path, reason: "it is a block device, whose contents would be lost")
      case S_IFREG where status.st_nlink == 1:
        guard let real = realpath(path, nil) else { throw OutputError(path: path, errno: errno) }
        defer { free(real) }
        self = .replaced(String(cString: real), status)
      default: self = .through(path)
      }
    }
  }

  private static func writeThrough(_ bytes: [UInt8], _ name: String, shown: String) throws(OutputError) {
    let descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o666)
    guard descriptor >= 0 else { throw OutputError(path: shown, errno: errno) }
    let error = writeAll(bytes, to: descriptor)
    guard close(descriptor) == 0 || error != 0 else { throw OutputError(path: shown, errno: errno) }
    guard error == 0 else { throw OutputError(path: shown, errno: error) }
  }

  private static func replace(
    _ bytes: [UInt8], _ name: String, _ old: stat?, shown: String
  ) throws(OutputError) {
    var template = Array("\(name).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw OutputError(path: shown, errno: errno) }
    var error = writeAll(bytes, to: descriptor)
    if let old {
      // Only root may give a file away; who cannot keeps what is there, and writes into it.
      if error == 0, old.st_uid != geteuid() || old.st_gid != getegid(),
        fchown(descriptor, old.st_uid, old.st_gid) != 0
      {
        close(descriptor)
        unlink(template)
        return try writeThrough(bytes, name, shown: shown)
      }
      fchmod(descriptor, old.st_mode & 0o7777)
    } else {
      let mask = umask(0)
      umask(mask)
      fchmod(descriptor, 0o666 & ~mask)
    }
    if close(descriptor) != 0, error == 0 { error = errno }
    if error == 0, rename(template, name) != 0 { error = errno }
    guard error != 0 else { return }
    unlink(template)
    throw OutputError(path: shown, errno: error)
  }

  /// Writes everything. Returns 0, or an errno.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written < 0, errno == EAGAIN {
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&polled, 1, 1000)
        continue
      }
      guard written > 0 else { return written < 0 ? errno : EIO }
      rest = rest.dropFirst(written)
    }
    return 0
  }
}

extension OutputError {
  fileprivate init(path: String, errno number: Int32) {
    self.init(path: path, reason: String(cString: strerror(number)))
  }
}
