/// Events as one of valgrind's tools counts them.
struct RawCosts: Hashable, Sendable {
  /// `Ir`: instructions.
  var instructions: Int64 = 0
  /// `Dr`: data reads. cachegrind counts a read-modify-write here, callgrind does not.
  var reads: Int64 = 0
  /// `Dw`: data writes. callgrind counts a read-modify-write here, cachegrind does not.
  var writes: Int64 = 0
  /// `D1mr` and `D1mw`.
  var d1Misses: Int64 = 0
  /// `DLmr` and `DLmw`.
  var llMisses: Int64 = 0

  static func += (left: inout RawCosts, right: RawCosts) {
    left.instructions &+= right.instructions
    left.reads &+= right.reads
    left.writes &+= right.writes
    left.d1Misses &+= right.d1Misses
    left.llMisses &+= right.llMisses
  }

  static func - (left: RawCosts, right: RawCosts) -> RawCosts {
    RawCosts(
      instructions: left.instructions &- right.instructions, reads: left.reads &- right.reads,
      writes: left.writes &- right.writes, d1Misses: left.d1Misses &- right.d1Misses,
      llMisses: left.llMisses &- right.llMisses)
  }
}

/// The order in which a file's cost lines hold their events, from its `events:` line.
struct EventOrder {
  private let targets: [WritableKeyPath<RawCosts, Int64>?]

  /// Reads the names; events of no interest, such as misses of instructions, are skipped later.
  ///
  /// Nil when one that every simulation has is missing.
  init?(_ names: some Sequence<some StringProtocol>) {
    let names = names.map { String($0) }
    guard ["Ir", "Dr", "Dw", "D1mr", "D1mw", "DLmr", "DLmw"].allSatisfy(names.contains) else { return nil }
    targets = names.map { name in
      switch name {
      case "Ir": \.instructions
      case "Dr": \.reads
      case "Dw": \.writes
      case "D1mr", "D1mw": \.d1Misses
      case "DLmr", "DLmw": \.llMisses
      default: nil
      }
    }
  }

  /// The costs of a line without its position; events at its end may be left out and are 0 then.
  ///
  /// Nil for what is no number, or for more numbers than there are events.
  func costs(_ fields: ArraySlice<Substring>) -> RawCosts? {
    guard fields.count <= targets.count else { return nil }
    var result = RawCosts()
    for (field, target) in zip(fields, targets) {
      guard let value = Int64(field), value >= 0, value < 1 << 60 else { return nil }
      if let target { result[keyPath: target] &+= value }
    }
    return result
  }
}
