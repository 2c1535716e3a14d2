/// What the value of a setting is.
public enum SettingType: String, Sendable, CaseIterable {
  /// A whole number.
  case integer
  /// A number with a fraction.
  case real
  /// A size in bytes.
  case bytes
  /// A size in KiB.
  case kibibytes
  /// A size in MiB.
  case mebibytes
  /// The binary logarithm of a size or a number.
  case log2
  /// A time in milliseconds.
  case milliseconds
  /// On or off; `SettingSpec.choices` holds the words for both, in this order.
  case boolean
  /// One of `SettingSpec.choices`.
  case choice
  /// A path, or the beginning of one.
  case path
  /// Anything else.
  case text
}

/// Bounds of a number; nil where there is none.
public struct SettingRange: Hashable, Sendable, CustomStringConvertible {
  /// The smallest value.
  public var minimum: Int64?
  /// The largest value.
  public var maximum: Int64?

  /// States bounds.
  public init(minimum: Int64? = nil, maximum: Int64? = nil) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Whether there is no bound at all.
  public var isUnbounded: Bool { minimum == nil && maximum == nil }

  /// Whether a number is within the bounds.
  public func contains(_ value: Int64) -> Bool {
    value >= minimum ?? .min && value <= maximum ?? .max
  }

  /// `1…4`, `≥ 1`, `≤ 4`; empty without bounds.
  public var description: String {
    switch (minimum, maximum) {
    case (let low?, let high?): "\(low)…\(high)"
    case (let low?, nil): "≥ \(low)"
    case (nil, let high?): "≤ \(high)"
    case (nil, nil): ""
    }
  }
}

/// The value that an allocator really uses where it follows from the one that was set.
public enum SettingSteps: Hashable, Sendable {
  /// Sizes are moved to the nearest of `first`, `first + step`, … above.
  case up(first: Int64, step: Int64)
  /// Sizes are moved to the nearest of `first`, `first + step`, … below; to 0 below the first.
  case down(first: Int64, step: Int64)
  /// It is multiplied by the number of cores, rounded, and at least 1; with one core always 1.
  case cores

  /// The value that is used for one that was set; `cores` is how many the process may use.
  public func used(_ value: Double, cores: Int) -> Double {
    switch self {
    case .up(let first, let step):
      let (first, step) = (Double(first), Double(step))
      return value <= first ? first : first + ((value - first) / step).rounded(.up) * step
    case .down(let first, let step):
      let (first, step) = (Double(first), Double(step))
      return value < first ? 0 : first + ((value - first) / step).rounded(.down) * step
    case .cores:
      return cores > 1 ? max(1, (value * Double(cores)).rounded()) : 1
    }
  }
}

/// How a variable holds its settings.
public enum SettingForm: Hashable, Sendable {
  /// The variable's value is the setting's.
  case value
  /// The variable holds a list such as `narenas:1,tcache:false`.
  case list(separator: Character, assignment: Character)

  /// The value of a variable that holds just this setting.
  public func text(key: String?, value: String) -> String {
    switch self {
    case .value: value
    case .list(_, let assignment): "\(key ?? "")\(assignment)\(value)"
    }
  }
}

/// How we know what the catalogue says about a setting.
public enum SettingBasis: String, Sendable, CaseIterable {
  /// It was tried with the version that we install.
  case tested
  /// It was read in the source of that version.
  case source
  /// It stands in the documentation, and was not tried.
  case documented
}
