/// A random stream that depends on its seed alone, on every machine and in every version of heapscale.
///
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). The standard library's generator cannot be seeded, and the order of
/// trials must be reproducible from the stored seed.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts a stream; different `stream` numbers under one seed are independent.
  public init(seed: UInt64, stream: UInt64 = 0) {
    state = seed
    state = next() ^ (stream &* 0x9E37_79B9_7F4A_7C15)
    state = next()
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
