import Foundation
import Model

@testable import Findings

/// A machine that disturbs what it measures, in one of four ways, always the same for one seed.
struct SimulatedMachine {
  /// How trials scatter, on top of levels that differ from block to block by a tenth and hit all its trials.
  enum Noise: CaseIterable {
    /// Evenly to both sides, by 3 %.
    case normal
    /// Rarely less and sometimes far more: exponential, by 3 %.
    case skewed
    /// Four of five trials undisturbed, one 8 % slower.
    case bimodal
    /// The machine gets slower from block to block and, by 1 %, from trial to trial within a block.
    case drifting
  }

  let noise: Noise
  private var random: SeededRandom
  private var level = 0.0

  init(_ noise: Noise, seed: UInt64) {
    self.noise = noise
    random = SeededRandom(seed: seed)
  }

  /// One block: a value for each arm, measured in random order, with this true factor over the first.
  mutating func block(_ factors: [Double]) -> [Double] {
    level = noise == .drifting ? level + 0.02 * uniform() + 0.01 * normal() : 0.1 * normal()
    var values = factors
    for (position, arm) in factors.indices.shuffled(using: &random).enumerated() {
      let late = noise == .drifting ? 0.01 * Double(position) : 0
      values[arm] *= 1e8 * exp(level + late + disturbance())
    }
    return values
  }

  /// Blocks as pairs of a candidate with this factor and its baseline.
  mutating func pairs(_ count: Int, factor: Double) -> [PairedEffect.Pair] {
    (0..<count).map { _ in
      let values = block([1, factor])
      return .init(value: values[1], baseline: values[0])
    }
  }

  private mutating func disturbance() -> Double {
    switch noise {
    case .normal: 0.03 * normal()
    case .skewed: -0.03 * log(uniform())
    // A little besides, so that no two trials are equal.
    case .bimodal: (uniform() < 0.2 ? 0.08 : 0) + 0.002 * normal()
    case .drifting: 0.02 * normal()
    }
  }

  private mutating func uniform() -> Double { .random(in: .leastNonzeroMagnitude..<1, using: &random) }

  /// By the method of Box and Muller.
  private mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
}
