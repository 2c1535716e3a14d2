import Glibc

/// Where the fields of a tracepoint lie in its samples: the text of `events/*/*/format` under tracefs.
public struct TracepointFormat: Hashable, Sendable {
  /// One field.
  public struct Field: Hashable, Sendable {
    /// Its name, e.g. `addr`.
    public var name: String
    /// Its first byte in the sample's raw data.
    public var offset: Int
    /// Its length in bytes.
    public var size: Int
  }

  /// The tracepoint, e.g. `sys_enter_mmap`.
  public var name: String
  /// What perf_event_open(2) takes as `config`.
  public var id: UInt64
  /// Its fields.
  public var fields: [Field]

  /// Reads a format file; nil when it has no name, id or fields.
  public init?(text: String) {
    var name: Substring?
    var id: UInt64?
    var fields: [Field] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("name: ") { name = line.dropFirst(6) }
      if line.hasPrefix("ID: ") { id = UInt64(line.dropFirst(4)) }
      if let field = TracepointFormat.field(line) { fields.append(field) }
    }
    guard let name, let id, !fields.isEmpty else { return nil }
    self.name = String(name)
    self.id = id
    self.fields = fields
  }

  /// A line such as `field:unsigned long addr; offset:16; size:8; signed:0;`.
  private static func field(_ line: Substring) -> Field? {
    let blanks: Set<Character> = [" ", "\t"]
    let parts = line.split(separator: ";").map { $0.drop { blanks.contains($0) } }
    guard parts.count >= 3, parts[0].hasPrefix("field:"), parts[1].hasPrefix("offset:"),
      parts[2].hasPrefix("size:"), let offset = Int(parts[1].dropFirst(7)),
      let size = Int(parts[2].dropFirst(5)), offset >= 0, size > 0,
      let word = parts[0].split(whereSeparator: { blanks.contains($0) }).last
    else { return nil }
    return Field(name: String(word.prefix { $0 != "[" }), offset: offset, size: size)
  }

  /// A field of 8 or 4 bytes in a sample's raw data; nil when the sample is too short or has no such field.
  public func value(_ name: String, in raw: [UInt8]) -> UInt64? {
    guard let field = fields.first(where: { $0.name == name }), field.offset + field.size <= raw.count else {
      return nil
    }
    return raw.withUnsafeBytes { bytes in
      switch field.size {
      case 8: bytes.loadUnaligned(fromByteOffset: field.offset, as: UInt64.self)
      case 4: UInt64(bytes.loadUnaligned(fromByteOffset: field.offset, as: UInt32.self))
      default: nil
      }
    }
  }
}

/// The file system of the kernel's tracepoints.
enum Tracefs {
  /// Folders where it can be read: what is mounted, by /proc/self/mounts.
  static func folders(mounts: String) -> [String] {
    mounts.split(separator: "\n").compactMap { line in
      let columns = line.split(separator: " ")
      guard columns.count >= 3 else { return nil }
      let folder = unescaped(columns[1])
      switch columns[2] {
      case "tracefs": return folder
      case "debugfs": return folder + "/tracing"
      default: return nil
      }
    }
  }

  /// proc_pid_mounts(5): blanks and their like are written as octal numbers.
  private static func unescaped(_ text: Substring) -> String {
    var result = String(text)
    for (code, character) in [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")] {
      var parts: [Substring] = []
      var rest = result[...]
      while let range = rest.firstRange(of: code) {
        parts.append(rest[..<range.lowerBound])
        rest = rest[range.upperBound...]
      }
      result = (parts + [rest]).joined(separator: character)
    }
    return result
  }

  /// The format of a tracepoint such as `syscalls/sys_enter_mmap`.
  ///
  /// Throws: `SamplingFailure` when tracefs is not mounted, or does not have it for us.
  static func format(_ tracepoint: String) throws(SamplingFailure) -> TracepointFormat {
    let folders = folders(mounts: ProcText.read("/proc/self/mounts") ?? "")
    for folder in folders {
      let text = ProcText.read("\(folder)/events/\(tracepoint)/format")
      if let format = text.flatMap(TracepointFormat.init(text:)) { return format }
    }
    guard geteuid() == 0 else {
      throw SamplingFailure(
        subject: tracepoint, reason: "tracepoints are root's", remedy: "run as root to see them")
    }
    guard folders.isEmpty else {
      throw SamplingFailure(
        subject: tracepoint, reason: "this kernel has no such tracepoint",
        remedy: "a kernel with CONFIG_FTRACE_SYSCALLS is needed")
    }
    throw SamplingFailure(
      subject: tracepoint, reason: "tracefs is not mounted",
      remedy: "mount it: mount -t tracefs none /sys/kernel/tracing")
  }
}
