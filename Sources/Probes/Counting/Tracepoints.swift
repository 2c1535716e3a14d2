import CLinux

/// Where tracefs is, and the tracepoints in it.
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
  public func id(of name: String) throws(EventObstacle) -> UInt64 {
    let number = UInt64(try text(of: name, "id").prefix { $0.isNumber })
    guard let number else { throw unknown(name) }
    return number
  }

  /// The number of a tracepoint, and where its fields lie in a sample.
  ///
  /// Throws: why it cannot be had.
  public func format(of name: String) throws(EventObstacle) -> TracepointFormat {
    guard let format = TracepointFormat(text: try text(of: name, "format")) else { throw unknown(name) }
    return format
  }

  /// How it is asked for. Counting one tells of kernel code, which exclude_kernel would hide.
  public func encoding(of name: String) throws(EventObstacle) -> EventEncoding {
    EventEncoding(type: PERF_TYPE_TRACEPOINT.rawValue, config: try id(of: name), excludesKernel: false)
  }

  /// What a file of a tracepoint holds.
  private func text(of name: String, _ file: String) throws(EventObstacle) -> String {
    guard let root else {
      throw EventObstacle(
        .tracefs, "tracefs is not mounted", remedy: "`mount -t tracefs nodev /sys/kernel/tracing`, as root")
    }
    if let text = ProcText.read("\(root)/events/\(name)/\(file)") { return text }
    guard FolderListing.names("\(root)/events") != nil else {
      throw EventObstacle(
        .tracefs, "tracefs at \(root) is not readable for this user", remedy: "run as root")
    }
    throw unknown(name)
  }

  private func unknown(_ name: String) -> EventObstacle {
    EventObstacle(.notOffered, "the kernel has no tracepoint \(name)")
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
