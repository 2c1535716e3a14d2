/// What is mapped into a process now (proc_pid_maps(5)).
enum ProcessMaps {
  /// All mappings; empty when the process is gone or may not be looked at.
  static func read(pid: Int32) -> [MappedRegion] {
    parse(ProcText.read("/proc/\(pid)/maps") ?? "", pid: pid)
  }

  /// Paths of files among mappings, each once, in the order of addresses.
  static func files(_ text: String) -> [String] {
    var seen: Set<String> = []
    return parse(text, pid: 0).map(\.path).filter { path in
      path.hasPrefix("/") && path != anonymous && seen.insert(path).inserted
    }
  }

  /// The lowest address at which a file is mapped whose path ends so; nil when there is none.
  static func firstAddress(of file: String, in text: String) -> UInt64? {
    parse(text, pid: 0).first { $0.path.hasSuffix(file) }?.start
  }

  /// How perf calls memory without a file (PERF_RECORD_MMAP2).
  private static let anonymous = "//anon"

  /// Works on bytes: it runs in every trial, and splitting by characters finds grapheme boundaries first.
  ///
  /// Lines such as `7f00-7f01 r-xp 00001000 fe:00 123    /usr/lib/a b.so`.
  static func parse(_ text: String, pid: Int32) -> [MappedRegion] {
    text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let columns = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: true)
      guard columns.count >= 5 else { return nil }
      let ends = columns[0].split(separator: UInt8(ascii: "-")).compactMap { hexadecimal($0) }
      guard ends.count == 2, ends[0] < ends[1], let offset = hexadecimal(columns[2]) else { return nil }
      let path = columns.count == 6 ? columns[5].drop { $0 == UInt8(ascii: " ") } : anonymous[...].utf8
      return MappedRegion(
        pid: pid, start: ends[0], length: ends[1] - ends[0], fileOffset: offset,
        path: String(Substring(path)), isExecutable: columns[1].dropFirst(2).first == UInt8(ascii: "x"))
    }
  }

  private static func hexadecimal(_ digits: Substring.UTF8View) -> UInt64? {
    UInt64(Substring(digits), radix: 16)
  }
}
