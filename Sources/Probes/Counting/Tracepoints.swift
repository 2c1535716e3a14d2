import CLinux

/// Where tracefs is, and the numbers of tracepoints in it.
public struct Tracepoints: Hashable, Sendable {
  /// Mount point; nil when tracefs is not mounted.
  public var root: String?

  /// States a mount point.
  public init(root: String?) { self.root = root }

  /// Finds it among the mounts of this process: its own mount, or the one within debugfs.
  public init(mounts: String) {
    let lines = mounts.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count >= 3 }
    if let own = lines.first(where: { $0[2] == "tracefs" }) {
      root = Self.unescaped(own[1])
    } else {
      root = lines.first { $0[2] == "debugfs" }.map { Self.unescaped($0[1]) + "/tracing" }
    }
  }

  /// The number of a tracepoint such as `syscalls/sys_enter_mmap`.
  ///
  /// Throws: why it cannot be had.
  public func id(of name: String) throws(EventUnavailable) -> UInt64 {
    guard let root else {
      throw EventUnavailable(
        .tracefs, "tracefs is not mounted", remedy: "`mount -t tracefs nodev /sys/kernel/tracing`, as root")
    }
    if let id = FolderListing.line("\(root)/events/\(name)/id").flatMap({ UInt64($0) }) { return id }
    guard FolderListing.names("\(root)/events") != nil else {
      throw EventUnavailable(
        .tracefs, "tracefs at \(root) is not readable for this user", remedy: "run as root")
    }
    throw EventUnavailable(.notOffered, "the kernel has no tracepoint \(name)")
  }

  /// How it is asked for. Counting one tells of kernel code, which exclude_kernel would hide.
  public func encoding(of name: String) throws(EventUnavailable) -> EventEncoding {
    EventEncoding(type: PERF_TYPE_TRACEPOINT.rawValue, config: try id(of: name), excludesKernel: false)
  }

  /// Spaces and the like stand as octal escapes (proc_pid_mounts(5)).
  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.first {
      let digits = rest.dropFirst().prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(value)
        rest = rest.dropFirst(4)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
