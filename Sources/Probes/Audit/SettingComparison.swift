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
  /// How units behind sizes are read.
  var suffixes = SizeSuffixes.usual
  /// How many cores the process may use.
  var cores = 1

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

  /// The value that was set with the one that it amounts to, `1020, class 1032`; nil where both are the same.
  var readBackInSteps: String? {
    guard let used, let asked = askedNumber, asked != used, isAsAsked else { return nil }
    switch spec.steps {
    case .up, .down: return "\(asked.plain), class \(shown)"
    case .cores, nil: return nil
    }
  }

  private var askedNumber: Double? {
    if case .number(let number)? = meaningAsked { number } else { nil }
  }

  /// What the allocator makes of the value that was asked for, where that follows from it.
  private var used: Double? {
    guard let steps = spec.steps, let asked = askedNumber else { return nil }
    return steps.used(asked, cores: cores)
  }

  private var meaningAsked: SettingMeaning? {
    SettingMeaning(asked: asked, of: spec, suffixes: suffixes)
  }
  private var meaningShown: SettingMeaning { SettingMeaning(shown: shown, of: spec) }
  private var isUnchanged: Bool { shown == baseline }

  private var isAsAsked: Bool {
    if shown == asked { return true }
    guard let meant = meaningAsked else { return false }
    switch (meant, meaningShown) {
    case (.number(let left), .number(let right)):
      return abs((used ?? left) - right) <= tolerance(left) || wholeKibibytes(left) == right
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
    if isAsAsked { return inForce }
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

  private var inForce: (SettingVerdict, String?) {
    guard isUnchanged, let asked = askedNumber else {
      return (isUnchanged ? .alreadyDefault : .accepted, explanation)
    }
    if case .atLeast(let most) = meaningShown, asked >= most, !isDefault {
      return (.unverifiable, "\(quoted) is more than can be told: the probe ends at \(most.plain)")
    }
    // Another value of the default's class is not the default, although it does the same.
    if case .up = spec.steps, let used, used != asked, !isDefault { return (.accepted, explanation) }
    return (.alreadyDefault, explanation)
  }

  private var isDefault: Bool {
    let usual = spec.defaultValue.split(separator: " ").first.map { $0.filter { $0 != "," } } ?? ""
    return meaningAsked == SettingMeaning(asked: usual, of: spec)
  }

  /// How what is shown follows from what was asked for; nil where it is the same.
  private var explanation: String? {
    guard let asked = askedNumber else { return nil }
    if case .atLeast(let most) = meaningShown, asked > most {
      return "the probe ends at \(most.plain): it is at least that"
    }
    if let whole = wholeKibibytes(asked), whole != asked, meaningShown == .number(whole) {
      return "\(asked.plain) was rounded up to \((whole / 1024).plain) KiB"
    }
    guard let used, used != asked else { return nil }
    switch spec.steps {
    case .cores:
      return cores > 1 ? "\(asked.plain) × \(cores) cores" : "with one core it is 1 whatever is asked for"
    case .up, .down: return "\(asked.plain) is in the class of \(used.plain)"
    case nil: return nil
    }
  }

  /// A size as it is kept in whole KiB; nil where it is less than one, so that it means something else.
  private func wholeKibibytes(_ bytes: Double) -> Double? {
    let isInKibibytes = spec.shownAs == .kibibytes || shown.hasSuffix(" KiB")
    guard spec.type == .bytes, isInKibibytes, bytes >= 1024 else { return nil }
    return (bytes / 1024).rounded(.up) * 1024
  }

  /// The bound that a value crosses which the allocator repeats as it was written.
  private var limitExceeded: Int64? {
    guard let number = askedNumber else { return nil }
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

extension Double {
  /// Without a fraction where it is a whole number.
  fileprivate var plain: String { Int64(exactly: self).map { "\($0)" } ?? "\(self)" }
}
