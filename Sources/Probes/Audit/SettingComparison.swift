import Model

/// Decides what became of a value from what is read back with it and without it. Pure.
struct SettingComparison {
  let spec: SettingSpec
  let parsing: SettingParsing
  /// How it was read back: probes find some values only roughly.
  let readBack: SettingReadBack
  let asked: String
  let shown: String
  let baseline: String

  /// The verdict, and a sentence for what is not plain.
  var verdict: (SettingVerdict, String?) {
    let (derived, words) = derived
    for pitfall in spec.pitfalls where pitfall.value == asked {
      guard let known = pitfall.verdict else { continue }
      // What the catalogue knows only refines what was seen: it never overrules it.
      return isConsistent(known)
        ? (known, known == derived ? words ?? pitfall.text : pitfall.text) : (derived, words)
    }
    return (derived, words)
  }

  /// What the value that is in force leads to, in the catalogue's words.
  var consequence: String? {
    guard case .number(let number) = meaningShown, let whole = Int64(exactly: number.rounded()) else {
      return nil
    }
    return spec.pitfalls.first { !$0.read.isUnbounded && $0.read.contains(whole) }?.text
  }

  private var meaningShown: SettingMeaning { SettingMeaning(shown: shown, of: spec) }
  private var isUnchanged: Bool { shown == baseline }

  private var isAsAsked: Bool {
    if shown == asked { return true }
    guard let meant = SettingMeaning(asked: asked, of: spec) else { return false }
    switch (meant, meaningShown) {
    case (.number(let left), .number(let right)): return abs(left - right) <= tolerance(left)
    case (.number(let left), .atLeast(let right)): return left < 0 ? spec.range.contains(-1) : left >= right
    case (.number(let left), .unlimited): return left == -1 && spec.range.contains(-1)
    case (.unlimited, .atLeast), (.unlimited, .unlimited), (.unlimited, .number(-1)): return true
    case (.flag(let left), .flag(let right)): return left == right
    case (.word(let left), .word(let right)): return left == right
    default: return false
    }
  }

  private var derived: (SettingVerdict, String?) {
    if isAsAsked, let limit = limitExceeded {
      return (.acceptedClamped, "read back as asked, but used only up to \(limit)")
    }
    if isAsAsked { return (isUnchanged ? .alreadyDefault : .accepted, nil) }
    switch spec.type {
    case .boolean:
      let isSilent = parsing == .lenient || !isUnchanged
      return isSilent ? (.misparsed, "\(quoted) was read as \(isOn ? "on" : "off")") : (.rejectedValue, nil)
    case .choice, .path, .text:
      return isUnchanged ? (.rejectedValue, nil) : (.misparsed, "\(quoted) was read as \(shown)")
    default:
      return numeric
    }
  }

  /// The bound that a value crosses which the allocator repeats as it was written.
  private var limitExceeded: Int64? {
    guard case .number(let number)? = SettingMeaning(asked: asked, of: spec) else { return nil }
    if let most = spec.clamped.maximum, number > Double(most) { return most }
    if let least = spec.clamped.minimum, number < Double(least) { return least }
    return nil
  }

  private var isOn: Bool { meaningShown == .flag(true) }

  private var numeric: (SettingVerdict, String?) {
    let leading = CNumber.leading(asked)
    if CNumber.isPlain(asked) {
      if leading > UInt32.max || leading < Int32.min, shows(Int64(Int32(truncatingIfNeeded: leading))) {
        return (.misparsed, "\(quoted) wraps at 32 bits: it was read as \(shown)")
      }
      return isUnchanged ? (.rejectedValue, nil) : (.acceptedClamped, "\(quoted) became \(shown)")
    }
    let isOutOfRange = !spec.range.contains(leading)
    if isUnchanged, parsing == .strict || isOutOfRange { return (.rejectedValue, nil) }
    if shows(leading) {
      return (.misparsed, "\(quoted) was read as \(leading)\(unit(leading))")
    }
    if isUnchanged { return (.rejectedValue, nil) }
    let start =
      asked.isEmpty || parsing == .lenient
      ? "\(quoted) was read as \(leading)\(unit(leading)), which became" : "\(quoted) became"
    return (.misparsed, "\(start) \(shown)")
  }

  private func shows(_ number: Int64) -> Bool {
    guard case .number(let value) = meaningShown else { return false }
    return abs(value - Double(number)) <= tolerance(Double(number))
  }

  /// How far a figure that was found by watching may lie from the setting, in its unit.
  private func tolerance(_ value: Double) -> Double {
    switch readBack {
    case .probe(.mmapThreshold): 64
    case .probe(.topPad): 4096
    case .probe(.fastBins): 8
    // It is looked at when 64 KiB were freed, and then in steps of the freed blocks (malloc.c).
    case .probe(.trim): value <= 65_536 ? 73_728 : value < 16e6 ? 8192 : 81_920
    default: spec.type == .real ? abs(value) * 1e-3 : 0
    }
  }

  private var quoted: String { asked.isEmpty ? "the empty value" : "'\(asked)'" }

  private func unit(_ number: Int64) -> String {
    switch spec.type {
    case .bytes: number == 1 ? " byte" : " bytes"
    case .kibibytes: " KiB"
    case .mebibytes: " MiB"
    case .milliseconds: " ms"
    default: ""
    }
  }

  private func isConsistent(_ verdict: SettingVerdict) -> Bool {
    switch verdict {
    case .accepted: isAsAsked || !isUnchanged
    case .alreadyDefault, .rejectedValue, .rejectedUnknown, .inert: isUnchanged
    case .acceptedClamped, .misparsed: !isAsAsked || shown != asked
    case .acceptedNoEffect: true
    case .fatal, .unverifiable: false
    }
  }
}
