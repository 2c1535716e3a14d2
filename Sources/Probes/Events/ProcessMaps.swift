import Glibc

/// What is mapped into a process now (proc_pid_maps(5)).
enum ProcessMaps {
  /// All mappings; empty when the process is gone or may not be looked at.
  static func read(pid: Int32) -> [MappedRegion] {
    parse(ProcText.read("/proc/\(pid)/maps") ?? "", pid: pid)
  }

  /// Lines such as `7f00-7f01 r-xp 00001000 fe:00 123    /usr/lib/a b.so`.
  static func parse(_ text: String, pid: Int32) -> [MappedRegion] {
    text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let columns = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: true)
      guard columns.count >= 5 else { return nil }
      let ends = columns[0].split(separator: UInt8(ascii: "-")).compactMap { hexadecimal($0) }
      guard ends.count == 2, ends[0] < ends[1], let offset = hexadecimal(columns[2]) else { return nil }
      let path = columns.count == 6 ? columns[5].drop { $0 == UInt8(ascii: " ") } : "//anon"[...].utf8
      return MappedRegion(
        pid: pid, start: ends[0], length: ends[1] - ends[0], fileOffset: offset,
        path: String(Substring(path)), isExecutable: columns[1].dropFirst(2).first == UInt8(ascii: "x"))
    }
  }

  private static func hexadecimal(_ digits: Substring.UTF8View) -> UInt64? {
    UInt64(Substring(digits), radix: 16)
  }
}

/// The threads of a process (proc_pid_task(5)).
enum ProcessThreads {
  /// Their ids; empty when the process is gone.
  static func of(_ pid: Int32) -> [Int32] {
    guard let directory = opendir("/proc/\(pid)/task") else { return [] }
    defer { closedir(directory) }
    var result: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let tid = Int32(name) { result.append(tid) }
    }
    return result
  }
}
