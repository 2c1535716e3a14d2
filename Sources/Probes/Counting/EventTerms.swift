/// The words of an event, `event=0xcd,umask=0x1,ldlat=3`, placed into the bits that a PMU's format files name.
///
/// Source: Documentation/ABI/testing/sysfs-bus-event_source-devices-format and -events.
enum EventTerms {
  /// The encoding; nil for words that the PMU does not know, or a format that is none.
  static func encode(
    _ text: String, for pmu: PMUDescription, precise: UInt64 = 0, excludesKernel: Bool = true
  ) -> EventEncoding? {
    var encoding = EventEncoding(type: pmu.type, config: 0, excludesKernel: excludesKernel, precise: precise)
    for term in text.split(separator: ",") {
      let sides = term.split(separator: "=", maxSplits: 1)
      guard let name = sides.first, let value = sides.count == 2 ? number(sides[1]) : 1 else { return nil }
      guard place(value, named: String(name), of: pmu, in: &encoding) else { return nil }
    }
    return encoding
  }

  private static func place(
    _ value: UInt64, named name: String, of pmu: PMUDescription, in encoding: inout EventEncoding
  ) -> Bool {
    // A whole word may be named without a format file.
    let format = pmu.formats[name] ?? (["config", "config1", "config2"].contains(name) ? "\(name):0-63" : "")
    let sides = format.split(separator: ":", maxSplits: 1)
    guard sides.count == 2, let bits = scatter(value, into: sides[1]) else { return false }
    switch sides[0] {
    case "config": encoding.config |= bits
    case "config1": encoding.config1 |= bits
    case "config2": encoding.config2 |= bits
    default: return false
    }
    return true
  }

  /// The low bits of a value laid into ranges such as `0-7,32-35`, in their order; nil when it does not fit.
  static func scatter(_ value: UInt64, into ranges: Substring) -> UInt64? {
    var rest = value
    var result: UInt64 = 0
    for range in ranges.split(separator: ",") {
      let ends = range.split(separator: "-", maxSplits: 1).map { UInt64($0) }
      guard let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high, high < 64 else {
        return nil
      }
      let width = high - low + 1
      let mask = width == 64 ? UInt64.max : (1 << width) - 1
      result |= (rest & mask) << low
      rest = width == 64 ? 0 : rest >> width
    }
    return rest == 0 ? result : nil
  }

  private static func number(_ text: Substring) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }
}
