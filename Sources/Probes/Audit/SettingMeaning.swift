import Foundation
import Model

/// What a value of a setting means: what a person wrote, or what an allocator shows.
enum SettingMeaning: Hashable, Sendable {
  /// A number in the base unit of the setting's type.
  case number(Double)
  /// At least this much: a probe that stopped looking.
  case atLeast(Double)
  /// No limit, or never.
  case unlimited
  /// On or off.
  case flag(Bool)
  /// Anything else.
  case word(String)

  /// What a person means by a value; nil when nobody could tell.
  init?(asked text: String, of spec: SettingSpec, suffixes: SizeSuffixes = .usual) {
    switch spec.type {
    case .boolean:
      guard let flag = Self.flags[text.lowercased()] else { return nil }
      self = .flag(flag)
    case .choice, .path, .text:
      self = .word(text)
    default:
      if text.lowercased() == "off" {
        self = .unlimited
      } else if let number = Self.number(text, of: spec.type, suffixes) {
        self = .number(number)
      } else {
        return nil
      }
    }
  }

  /// What an allocator shows, e.g. `true`, `1048576 KiB`, `131049, growing` or `never up to 67108864`.
  init(shown text: String, of spec: SettingSpec) {
    switch spec.type {
    case .boolean: self = Self.flags[text.lowercased()].map(SettingMeaning.flag) ?? .word(text)
    case .choice, .path, .text: self = .word(text)
    default: self = Self.shownNumber(text, of: spec) ?? .word(text)
    }
  }

  private static let flags = [
    "true": true, "1": true, "yes": true, "on": true, "t": true, "y": true,
    "false": false, "0": false, "no": false, "off": false, "f": false, "n": false,
  ]

  private static func shownNumber(_ text: String, of spec: SettingSpec) -> SettingMeaning? {
    // Probes end somewhere: a larger value looks like the largest that they can tell.
    for start in ["never up to ", "at least "] where text.hasPrefix(start) {
      return Double(text.dropFirst(start.count)).map(SettingMeaning.atLeast)
    }
    let words = (text.split(separator: ",").first ?? "").split(separator: " ")
    guard let number = words.first.flatMap({ Double(String($0)) }) else { return nil }
    // The largest numbers of 64 bits stand for no limit (runtime/metrics and debug.SetGCPercent of Go).
    if number >= 9.2e18 { return .unlimited }
    let unit = words.count > 1 ? String(words[1]) : spec.shownAs == .kibibytes ? "KiB" : ""
    let value = number * (Quantity.parse("1\(unit)", as: .bytes).map(Double.init) ?? 1)
    return .number(spec.type == .log2 && spec.shownAs == .bytes ? log2(value) : value)
  }

  /// A number as people write it: decimal, 0x hexadecimal, and for sizes with a unit.
  private static func number(_ text: String, of type: SettingType, _ suffixes: SizeSuffixes) -> Double? {
    let trimmed = text.filter { $0 != " " }
    let digits = trimmed.hasPrefix("-") ? trimmed.dropFirst() : trimmed[...]
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      return UInt64(digits.dropFirst(2), radix: 16).map { Double($0) * (trimmed.hasPrefix("-") ? -1 : 1) }
    }
    if digits.first?.isNumber == true || digits.first == ".", let number = Double(trimmed), number.isFinite {
      return number
    }
    guard trimmed.first?.isNumber == true else { return nil }
    switch type {
    case .bytes, .kibibytes, .mebibytes:
      guard
        let bytes = suffixes == .binary
          ? binary(trimmed) : Quantity.parse(trimmed, as: .bytes).map(Double.init)
      else { return nil }
      let unit = type == .bytes ? 1.0 : type == .kibibytes ? 1024 : 1_048_576
      return bytes / unit
    case .milliseconds:
      return Quantity.parse(trimmed, as: .duration).map(Double.init)
    default:
      return Quantity.parse(trimmed, as: .bytes).map(Double.init)
    }
  }
}

extension SettingMeaning {
  /// A size with a unit in any case, each a power of 1024: `512m`, `512MB`, `512MiB` (options.c of mimalloc).
  fileprivate static func binary(_ text: String) -> Double? {
    let digits = text.prefix { $0.isNumber }
    let unit = text.dropFirst(digits.count).uppercased()
    guard let number = Double(digits), let first = unit.first, let power = "KMGT".firstIndex(of: first),
      ["", "B", "IB"].contains(String(unit.dropFirst()))
    else { return nil }
    let exponent = "KMGT".distance(from: "KMGT".startIndex, to: power) + 1
    return number * Double(1 << (10 * exponent))
  }
}

/// Values as C reads them.
enum CNumber {
  /// What strtol(3) with base 0 makes of a text: the number at its beginning, 0 without one.
  static func leading(_ text: String) -> Int64 {
    var rest = text.utf8.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    var radix: Int64 = 10
    if rest.first == UInt8(ascii: "0") {
      let second = rest.dropFirst().first
      let isHexadecimal = second == UInt8(ascii: "x") || second == UInt8(ascii: "X")
      radix = isHexadecimal ? 16 : 8
      rest = rest.dropFirst(isHexadecimal ? 2 : 1)
    }
    var value: Int64 = 0
    for byte in rest {
      guard let digit = digit(byte), digit < radix else { break }
      let (product, overflows) = value.multipliedReportingOverflow(by: radix)
      let (sum, exceeds) = product.addingReportingOverflow(digit)
      if overflows || exceeds { return isNegative ? .min : .max }
      value = sum
    }
    return isNegative ? -value : value
  }

  /// Whether a text is nothing but a decimal number, without a leading 0 that would make it octal.
  static func isPlain(_ text: String) -> Bool {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    return first != UInt8(ascii: "0") || digits.count == 1
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    switch byte {
    case 0x30...0x39: Int64(byte - 0x30)
    case 0x41...0x46: Int64(byte - 0x41 + 10)
    case 0x61...0x66: Int64(byte - 0x61 + 10)
    default: nil
    }
  }
}
