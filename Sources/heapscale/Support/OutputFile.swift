import Foundation
import Glibc

/// The only writer of files that users name: a regular file is whole or as it was, and what is no regular file stays what
/// it is (`OutputPlace`).
enum OutputFile {
  /// What is written: bytes, or all of a file.
  private enum Source {
    case bytes([UInt8])
    case file(Int32, size: Int)

    var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .file(_, let size): size
      }
    }
  }

  /// Writes a text.
  ///
  /// Throws: `OutputError`, with a refusal where nothing was touched.
  static func write(_ text: String, to path: String) throws(OutputError) {
    try write(bytes: Array(text.utf8), to: path)
  }

  /// Writes bytes.
  ///
  /// Throws: `OutputError`, with a refusal where nothing was touched.
  static func write(bytes: [UInt8], to path: String) throws(OutputError) {
    try put(.bytes(bytes), path)
  }

  /// Copies a file of our own.
  ///
  /// Throws: `OutputError`, with a refusal where nothing was touched.
  static func write(file: String, to path: String) throws(OutputError) {
    var status = stat()
    let source = open(file, O_RDONLY | O_CLOEXEC)
    defer { close(source) }
    guard source >= 0, fstat(source, &status) == 0 else { throw OutputError(path: file, code: errno) }
    try put(.file(source, size: status.st_size), path)
  }

  /// Adds to the end of what is there.
  ///
  /// Throws: `OutputError` when it cannot be opened or written.
  static func append(_ text: String, to path: String) throws(OutputError) {
    try through(.bytes(Array(text.utf8)), path, flags: O_APPEND | O_CREAT, path)
  }

  /// A name for a file that another program makes, to be written to `path` then: beside it where there is room for one.
  ///
  /// Throws: `OutputError` when the path is not fit for output.
  static func partial(for path: String) throws(OutputError) -> String {
    let name = ".heapscale-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    guard case .file(let full) = try OutputPlace(path) else {
      return FileManager.default.temporaryDirectory.appending(path: name).path
    }
    return URL(filePath: full).deletingLastPathComponent().appending(path: name).path
  }

  /// Fails early when the path is a folder, its folder does not exist, or it cannot be written.
  static func check(_ path: String) throws(OutputError) { try OutputPlace(path).check(path) }

  private static func put(_ source: Source, _ path: String) throws(OutputError) {
    switch try OutputPlace(path) {
    case .file(let full): try replace(full, source, path)
    case .shared(let full): try overwrite(full, source, path)
    case .stream(let full): try through(source, full, flags: O_APPEND, path)
    case .socket(let full): try connect(full, source, path)
    case .descriptor(let number): try copy(source, to: number, path)
    }
  }

  /// Beside it under another name, then renamed; mode and owner are those of the file before. Where that cannot be done, a
  /// file that is there is written in place.
  private static func replace(_ full: String, _ source: Source, _ path: String) throws(OutputError) {
    var before = stat()
    let isThere = lstat(full, &before) == 0
    let partial = try partial(for: full)
    // The kernel subtracts the file mode creation mask from the mode of a new one.
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = open(partial, flags, isThere ? 0o600 : 0o666)
    guard file >= 0 else {
      let code = errno
      guard isThere, [EACCES, EPERM, EROFS].contains(code) else { throw OutputError(path: path, code: code) }
      return try overwrite(full, source, path)
    }
    var isPlaced = false
    defer {
      close(file)
      if !isPlaced { unlink(partial) }
    }
    if isThere {
      let isOthers = before.st_uid != geteuid() || before.st_gid != getegid()
      guard !isOthers || fchown(file, before.st_uid, before.st_gid) == 0,
        fchmod(file, before.st_mode & 0o7777) == 0
      else { return try overwrite(full, source, path) }
    }
    try copy(source, to: file, path)
    if rename(partial, full) == 0 {
      isPlaced = true
      return
    }
    // A file that is a mount point of its own cannot be replaced.
    guard isThere, errno == EBUSY else { throw OutputError(path: path, code: errno, isRefusal: false) }
    try overwrite(full, source, path)
  }

  /// In place, after the room for it was taken, so that a full disk leaves what was there.
  private static func overwrite(_ full: String, _ source: Source, _ path: String) throws(OutputError) {
    let file = open(full, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { throw OutputError(path: path, code: errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw OutputError(path: path, reason: "it was replaced meanwhile")
    }
    let code = source.count == 0 ? 0 : posix_fallocate(file, 0, source.count)
    if [ENOSPC, EDQUOT, EFBIG].contains(code) {
      ftruncate(file, status.st_size)
      throw OutputError(path: path, code: code, isRefusal: false)
    }
    try copy(source, to: file, path)
    guard ftruncate(file, source.count) == 0 else {
      throw OutputError(path: path, code: errno, isRefusal: false)
    }
  }

  /// How long a FIFO may be without a reader, in milliseconds: a shell starts both ends at once.
  private static let patience = 30_000

  /// Into what is there, whatever it is.
  private static func through(
    _ source: Source, _ full: String, flags: Int32, _ path: String
  ) throws(OutputError) {
    let flags = flags | O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK
    var file = open(full, flags, 0o666)
    var waited = 0
    while file < 0, errno == ENXIO || errno == EINTR, waited < patience {
      usleep(20_000)
      waited += 20
      file = open(full, flags, 0o666)
    }
    guard file >= 0 else {
      guard errno == ENXIO else { throw OutputError(path: path, code: errno) }
      throw OutputError(path: path, reason: "nobody reads from it")
    }
    defer { close(file) }
    try copy(source, to: file, path)
  }

  private static func connect(_ full: String, _ source: Source, _ path: String) throws(OutputError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard full.utf8.count < room else { throw OutputError(path: path, code: ENAMETOOLONG) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: full.utf8) }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let file = socket(AF_UNIX, type, 0)
    guard file >= 0 else { throw OutputError(path: path, code: errno) }
    defer { close(file) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw OutputError(path: path, code: errno) }
    try copy(source, to: file, path)
  }

  private static func copy(_ source: Source, to file: Int32, _ path: String) throws(OutputError) {
    var code: Int32 = 0
    switch source {
    case .bytes(let bytes): code = StandardStreams.write(bytes, to: file)
    case .file(let from, _):
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while code == 0 {
        let count = buffer.withUnsafeMutableBytes { read(from, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          code = count < 0 ? errno : 0
          break
        }
        code = StandardStreams.write(buffer[..<count], to: file)
      }
    }
    // Whoever read it has had enough, as with `| head`.
    guard code == 0 || code == EPIPE else { throw OutputError(path: path, code: code, isRefusal: false) }
  }
}

/// A file that the user asked for could not be written.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  var reason: String
  /// Whether nothing was written because the path is not fit for it; else writing failed half-way.
  var isRefusal = true

  /// States a reason.
  init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// States a system call's error.
  init(path: String, code: Int32, isRefusal: Bool = true) {
    self.path = path
    reason = String(cString: strerror(code))
    self.isRefusal = isRefusal
  }

  var description: String {
    "cannot write '\(path)': \(reason); \(isRefusal ? "" : "make room, or ")choose another file"
  }
}
