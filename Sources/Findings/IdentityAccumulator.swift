import Model

/// What the trials of a cell together prove about the allocator that ran.
///
/// It is verified only when it is in every trial, and with the same allocator. The evidence is that of
/// the earliest trial, and of the earliest one that says something else.
struct IdentityAccumulator {
  private var first: (block: Int, identity: Identity)?
  private var doubtful: (block: Int, identity: Identity)?
  private var allocators: Set<AllocatorID?> = []

  /// Takes what one `ok` trial proves.
  mutating func add(_ identity: Identity, block: Int) {
    allocators.insert(identity.allocator)
    if first.map({ block < $0.block }) ?? true { first = (block, identity) }
    if !identity.verified, doubtful.map({ block < $0.block }) ?? true { doubtful = (block, identity) }
  }

  /// The identity of the cell; unknown without trials.
  var combined: Identity {
    guard let first else { return .unknown }
    var result = first.identity
    result.verified = doubtful == nil && allocators.count == 1
    if allocators.count > 1 {
      let names = allocators.map { $0?.rawValue ?? "unknown" }.sorted().joined(separator: ", ")
      result.allocator = nil
      result.evidence.append("trials disagree about the allocator: \(names)")
    }
    if let doubtful, doubtful.block != first.block {
      result.evidence.append("not verified in block \(doubtful.block):")
      result.evidence += doubtful.identity.evidence.filter { !first.identity.evidence.contains($0) }
    }
    return result
  }
}
