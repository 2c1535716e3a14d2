import Model

/// The order of trials: blocks that hold every cell once, each shuffled by the plan's seed.
///
/// Interleaving keeps drift of the machine from becoming a difference between cells; a block's order depends on seed
/// and block number alone, so that a resumed session goes on exactly as planned.
public enum Schedule {
  /// The cells' indices in the order in which a block runs them. Warm-up blocks have numbers below 0.
  public static func order(block: Int, cells: Int, seed: UInt64) -> [Int] {
    var random = SeededRandom(seed: seed, stream: UInt64(bitPattern: Int64(block)))
    // Fisher-Yates by hand: the standard library does not promise to keep its algorithm.
    var order = Array(0..<cells)
    for last in stride(from: cells - 1, to: 0, by: -1) {
      order.swapAt(last, Int(random.next() % UInt64(last + 1)))
    }
    return order
  }

  /// Length of the environment pad of a block, 0 to 4095 bytes.
  ///
  /// The environment lies above the stack and moves it; a fixed size would favour one layout (Mytkowicz et al.,
  /// ASPLOS 2009), so it is drawn anew for each block and is the same for all its cells.
  public static func environmentPad(block: Int, seed: UInt64) -> Int {
    var random = SeededRandom(seed: ~seed, stream: UInt64(bitPattern: Int64(block)))
    return Int(random.next() % 4096)
  }

  /// All blocks of a plan: warm-up first.
  public static func blocks(of plan: Plan) -> Range<Int> { -plan.warmupBlocks..<plan.trials }
}
