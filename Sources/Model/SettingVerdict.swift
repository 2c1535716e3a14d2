/// What became of a setting that a program was given.
public enum SettingVerdict: String, Codable, Sendable, CaseIterable {
  /// The value read back equals the value asked for, and differs from the default.
  case accepted
  /// Parsed, but the value read back was moved into a range, truncated or rounded.
  case acceptedClamped = "accepted-clamped"
  /// The value read back is also what a run without the setting reads back.
  case alreadyDefault = "already-default"
  /// The allocator reads the variable, but does not know the key.
  case rejectedUnknown = "rejected-unknown"
  /// The key is known, the value was refused, and the default stayed.
  case rejectedValue = "rejected-value"
  /// The value silently became another one, such as the number at its beginning.
  case misparsed
  /// Parsed, but the feature is not compiled in, or another setting overrides it.
  case acceptedNoEffect = "accepted-no-effect"
  /// Nothing in the process reads the variable.
  case inert
  /// The process ends because of the setting.
  case fatal
  /// There is nothing to read back.
  case unverifiable
}
