/// Lists of numbers and ranges, as sysfs writes them: `0-3,8`.
enum CPUList {
  /// The numbers, in their order; parts that are none are left out.
  static func parse(_ text: String) -> [Int] {
    text.split { $0 == "," || $0 == "\n" || $0 == " " }.flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last - first < 1 << 16 else {
        return []
      }
      return Array(first...last)
    }
  }

  /// CPUs that run now; CPU 0 when sysfs does not tell.
  static func online() -> [Int] {
    let list = ProcText.read("/sys/devices/system/cpu/online").map(parse) ?? []
    return list.isEmpty ? [0] : list
  }
}
