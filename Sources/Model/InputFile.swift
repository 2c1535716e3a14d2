import Foundation

/// Reads files that users name, as far as they can be what they are named as.
///
/// Nothing waits for ever and nothing takes all memory: a folder, a device or a socket is refused, and so is what is longer
/// than any plan, profile or document. A FIFO is read, since that is what process substitution passes.
public enum InputFile {
  /// So much YAML is a plan; more is a mistake, and would take a hundred times as much memory.
  public static let plan = 4 << 20
  /// So large may profiles and documents be.
  public static let document = 1 << 30

  /// The bytes of a file; `what` names its kind in messages, e.g. `plan`.
  ///
  /// Throws: `InputError` with what is wrong and what to do.
  public static func read(_ path: String, as what: String, atMost limit: Int, hint: String? = nil)
    throws(InputError) -> Data
  {
    let descriptor = ByteText.withCString(path) { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) }
    guard descriptor >= 0 else {
      throw InputError(
        "the \(what) '\(path)' cannot be read: \(String(cString: strerror(errno)))", hint: hint)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw InputError(
        "the \(what) '\(path)' cannot be read: \(String(cString: strerror(errno)))", hint: hint)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFIFO: break
    case S_IFDIR: throw InputError("the \(what) '\(path)' is a directory", hint: "name a file in it")
    default: throw InputError("the \(what) '\(path)' is neither a file nor a pipe", hint: hint)
    }
    if status.st_mode & S_IFMT == S_IFIFO { _ = fcntl(descriptor, F_SETFL, 0) }
    return try bytes(of: descriptor, limit) { reason throws(InputError) in
      throw InputError("the \(what) '\(path)' \(reason)", hint: hint)
    }
  }

  private static func bytes(
    of descriptor: Int32, _ limit: Int, refuse: (String) throws(InputError) -> Never
  ) throws(InputError) -> Data {
    var result = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { try refuse("cannot be read: \(String(cString: strerror(errno)))") }
      if count == 0 { return result }
      result.append(contentsOf: chunk[..<count])
      if result.count > limit { try refuse("is longer than \(limit >> 20) MiB") }
    }
  }
}
