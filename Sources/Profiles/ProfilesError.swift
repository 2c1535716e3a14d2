/// Why a profile could not be read or written. Each message says what, where, and what to do.
public enum ProfilesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file is not what it is taken for, or is damaged.
  case damaged(file: String, reason: String)
  /// The file is none of the kinds that can be read.
  case unknownFormat(file: String)
  /// The file is known to be something else: what, and what to do with it.
  case otherKind(file: String, name: String, advice: String)
  /// What the file holds takes more room than it may: the limit in bytes or entries, with its unit.
  case tooLarge(file: String, limit: String)
  /// Two profiles that have no column in common cannot be subtracted: the columns of each.
  case differentKinds(before: String, after: String)
  /// The profile could not be put into a file's form.
  case unwritable(format: String, reason: String)

  /// The message for the user.
  public var description: String {
    switch self {
    case .damaged(let file, let reason): "\(file): \(reason)"
    case .unknownFormat(let file):
      """
      \(file): no known kind of profile. Known are pprof, heap profiles of gperftools, jemalloc and Go in text form (with \
      or without symbols), all of them plain or gzip, and heapscale's own JSON
      """
    case .otherKind(let file, let name, let advice): "\(file): is \(name), no heap profile: \(advice)"
    case .tooLarge(let file, let limit):
      "\(file): holds more than \(limit). If it can be trusted, let the program write a smaller one"
    case .differentKinds(let before, let after):
      "the two profiles have no column in common: the first has \(before), the second \(after); name two of one kind"
    case .unwritable(let format, let reason):
      "the profile cannot be written as \(format): \(reason)"
    }
  }
}
