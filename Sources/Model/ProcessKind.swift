/// Processes of one kind, taken together: of one command, on one allocator, that ended in one way.
public struct ProcessKind: Hashable, Codable, Sendable {
  /// What tables call them (`ProcessRecord.name`); nil for commands too many to be named.
  public var command: String?
  /// The allocator that served their malloc; nil when nobody could tell.
  public var allocator: AllocatorID?
  /// Whether that is proved for all of them.
  public var verified: Bool
  /// How they ended; nil when nobody saw it.
  public var outcome: Outcome?
  /// How many there were.
  public var count: Int
  /// The highest resident set of any one of them; nil when none was read.
  public var peakResident: Bytes?
  /// CPU time of all of them; nil when none was read.
  public var cpu: Nanoseconds?
  /// When the first began, since the release of the root.
  public var began: Nanoseconds
  /// When the last ended; nil when one was still there, or nobody saw its end.
  public var ended: Nanoseconds?
  /// Their share of the tree's resident memory over time, from 0 to 1; nil without a curve.
  public var residentShare: Double?

  /// The kind of one process.
  public init(_ record: ProcessRecord) {
    let identity = record.images.last?.identity ?? .unknown
    command = record.name
    allocator = identity.allocator
    verified = identity.verified
    outcome = record.outcome
    count = 1
    peakResident = record.peakResident
    cpu = record.cpu
    began = record.began
    ended = record.ended
    residentShare = record.residentShare
  }

  /// Takes others in. What tells kinds apart stays as it is here.
  mutating func add(_ other: ProcessKind) {
    count += other.count
    peakResident = [peakResident, other.peakResident].compactMap(\.self).max()
    cpu = ProcessKind.sum(cpu, other.cpu) { Nanoseconds($0.count &+ $1.count) }
    began = min(began, other.began)
    ended = ended.flatMap { own in other.ended.map { max(own, $0) } }
    residentShare = ProcessKind.sum(residentShare, other.residentShare, +)
  }

  private static func sum<T>(_ left: T?, _ right: T?, _ add: (T, T) -> T) -> T? {
    guard let left, let right else { return left ?? right }
    return add(left, right)
  }
}

extension ProcessKind {
  /// What tells kinds apart.
  private struct Key: Hashable {
    var command: String?
    var allocator: AllocatorID?
    var verified: Bool
    var outcome: Outcome?
  }

  /// Joins those of one kind, the largest first: by resident memory over time, then by CPU time, then as they came.
  ///
  /// Beyond `limit` commands lose their names, so that a tree of a hundred thousand programs stays readable.
  public static func joined(_ kinds: [ProcessKind], limit: Int = 200) -> [ProcessKind] {
    let all = joined(kinds) { $0.command }.enumerated().sorted { left, right in
      let (before, after) = (left.element.weight, right.element.weight)
      return before == after ? left.offset < right.offset : before > after
    }.map(\.element)
    return Array(all.prefix(limit)) + joined(Array(all.dropFirst(limit))) { _ in nil }
  }

  private static func joined(_ kinds: [ProcessKind], name: (ProcessKind) -> String?) -> [ProcessKind] {
    var places: [Key: Int] = [:]
    var joined: [ProcessKind] = []
    for var kind in kinds {
      kind.command = name(kind)
      let key = Key(
        command: kind.command, allocator: kind.allocator, verified: kind.verified, outcome: kind.outcome)
      if let place = places[key] {
        joined[place].add(kind)
      } else {
        places[key] = joined.count
        joined.append(kind)
      }
    }
    return joined
  }

  private var weight: (Double, Int64) { (residentShare ?? 0, cpu?.count ?? 0) }
}
