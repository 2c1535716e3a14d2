/// Why a profile could not be read or written. Each message says what, where, and what to do.
public enum ProfilesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file is not what it is taken for, or is damaged.
  case damaged(file: String, reason: String)

  /// The message for the user.
  public var description: String {
    switch self {
    case .damaged(let file, let reason): "\(file): \(reason)"
    }
  }
}
