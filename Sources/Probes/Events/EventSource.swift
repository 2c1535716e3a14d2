import CLinux
import Glibc

/// A PMU as /sys/bus/event_source/devices describes it: its number, its events, and where their terms go.
struct EventSource {
  static let root = "/sys/bus/event_source/devices"
  let name: String
  let type: UInt32
  private let folder: String

  /// Reads a PMU; nil when this machine has none of that name.
  init?(_ name: String, root: String = EventSource.root) {
    folder = "\(root)/\(name)"
    guard let type = EventSource.line("\(folder)/type").flatMap({ UInt32($0) }) else { return nil }
    self.name = name
    self.type = type
  }

  private static func line(_ path: String) -> String? {
    ProcText.read(path).map { String($0.prefix { $0 != "\n" }) }
  }

  /// The CPUs that have it, on machines with two kinds of cores; nil for all.
  var cpus: Set<Int>? { EventSource.line("\(folder)/cpus").map { Set(CPUList.parse($0)) } }

  /// Whether it takes a term, e.g. `ldlat`.
  func has(term: String) -> Bool { access("\(folder)/format/\(term)", F_OK) == 0 }

  /// The terms of a named event, e.g. `event=0xcd,umask=0x1,ldlat=3`; nil when it has no such event.
  func terms(of event: String) -> [(name: String, value: UInt64)]? {
    EventSource.line("\(folder)/events/\(event)").map { text in
      text.split(separator: ",").compactMap { term in
        let sides = term.split(separator: "=", maxSplits: 1)
        let value = sides.count == 2 ? EventSource.number(sides[1]) : 1
        return value.map { (String(sides[0]), $0) }
      }
    }
  }

  private static func number(_ text: Substring) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  /// Puts a term's bits where `format/TERM` says, e.g. `config:0-7,32-35`. Returns false for an unknown term.
  func set(_ term: String, to value: UInt64, in attributes: inout perf_event_attr) -> Bool {
    guard let format = EventSource.line("\(folder)/format/\(term)") else { return false }
    let sides = format.split(separator: ":")
    guard sides.count == 2 else { return false }
    let bits = CPUList.parse(String(sides[1])).filter { $0 < 64 }
    var mask: UInt64 = 0
    var placed: UInt64 = 0
    for (source, target) in bits.enumerated() where source < 64 {
      mask |= 1 << UInt64(target)
      placed |= (value >> UInt64(source) & 1) << UInt64(target)
    }
    switch sides[0] {
    case "config": attributes.config = attributes.config & ~mask | placed
    case "config1": attributes.config1 = attributes.config1 & ~mask | placed
    case "config2": attributes.config2 = attributes.config2 & ~mask | placed
    default: return false
    }
    return true
  }

  /// Attributes of a named event, with more terms on top; nil when the event or a term is unknown.
  func attributes(
    event: String, adding extra: [(name: String, value: UInt64)] = []
  ) -> perf_event_attr? {
    guard let terms = terms(of: event) else { return nil }
    var result = perf_event_attr()
    result.type = type
    for term in terms + extra where !set(term.name, to: term.value, in: &result) { return nil }
    return result
  }
}

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
