import Foundation
import Model
import Synchronization

/// How far beyond a limit the true change must lie so that a test finds it four times out of five.
///
/// It is a multiple of the standard deviation of single differences. A rank test calls a change larger than a limit
/// when the (k+1)-th smallest average (or difference) of the sample, its lower end, lies above the limit. So with a
/// true change δ beyond the limit it is found where δ exceeds minus the lower end of the noise: the reach is the 80 %
/// quantile of that over the standard deviation of another sample of the same size, because what is found next time is
/// measured anew and the noise is known from this time only. A formula with quantiles of Student's t promises too much:
/// ranks of few trials take fewer levels than are asked for, and need 25 % more at five pairs.
///
/// The quantile is found by drawing samples of normal noise, always the same ones. From `normalFrom` trials on the
/// ranks are as good as normal, with Pitman's efficiency 3/π (E. L. Lehmann, Nonparametrics, section 2.4).
enum DetectionReach {
  /// The share of trials in which a change that large is found.
  static let power = 0.8

  /// Of pairs, for a test at a level; nil where so few never reach it.
  static func paired(_ count: Int, level: Double) -> Double? {
    guard count > 1, SignedRank.probability(atMost: 0, count: count) <= admitted(level) else { return nil }
    guard count < normalFrom else { return normal(level) / Double(count).squareRoot() }
    return remembered(Key(first: count, second: 0, level: level)) {
      let place = lastPlace(below: count * (count + 1) / 2) {
        SignedRank.probability(atMost: $0, count: count) <= admitted(level)
      }
      return quantile { random in
        let noise = (0..<count).map { _ in normal(&random) }
        let error = (Scatter.squares(noise) / Double(count - 1)).squareRoot()
        return (low: WalshAverages(noise).value(at: place), deviation: error)
      }
    }
  }

  /// Of two samples that have nothing to do with each other, as a multiple of the deviation within them.
  static func unpaired(_ first: Int, _ second: Int, level: Double) -> Double? {
    guard min(first, second) > 0, first + second > 2 else { return nil }
    guard MannWhitney.smallestProbability(first, second) <= admitted(level) else { return nil }
    guard min(first, second) < normalFrom else {
      return normal(level) * (1 / Double(first) + 1 / Double(second)).squareRoot()
    }
    return remembered(Key(first: first, second: second, level: level)) {
      let distribution = MannWhitney((0..<first).map(Double.init), (0..<second).map { Double($0) + 0.5 })
      let place = lastPlace(below: first * second) {
        distribution.probability(atMost: $0) <= admitted(level)
      }
      return quantile { random in
        let values = (0..<first).map { _ in normal(&random) }
        let baselines = (0..<second).map { _ in normal(&random) }
        let squares = Scatter.squares(values) + Scatter.squares(baselines)
        let low = PairwiseDifferences(values, less: baselines).value(at: place)
        return (low: low, deviation: (squares / Double(first + second - 2)).squareRoot())
      }
    }
  }

  private struct Key: Hashable {
    let first: Int
    let second: Int
    let level: Double
  }

  private static let known = Mutex<[Key: Double]>([:])
  private static let normalFrom = 60
  /// The quantile is then right to about 2 %.
  private static let samples = 4000

  /// A hair of tolerance for products of rounded numbers, as in the verdict.
  private static func admitted(_ level: Double) -> Double { level * (1 + 1e-12) }

  private static func remembered(_ key: Key, _ work: () -> Double) -> Double {
    if let reach = known.withLock({ $0[key] }) { return reach }
    let reach = work()
    known.withLock { $0[key] = reach }
    return reach
  }

  /// The last place from 0 for which something holds that holds for 0 and ceases to hold once.
  private static func lastPlace(below count: Int, _ holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }

  private static func quantile(_ draw: (inout SeededRandom) -> (low: Double, deviation: Double)) -> Double {
    var random = SeededRandom(seed: 0x6865_6170, stream: 80)
    let drawn = (0..<samples).map { _ in draw(&random) }
    // The deviation is a neighbour's: no test sees the sample by which its noise was estimated.
    let reaches = drawn.indices.map { -drawn[$0].low / drawn[($0 + 1) % samples].deviation }
    return reaches.sorted()[Int(nearest: (power * Double(samples)).rounded(.down))]
  }

  private static func normal(_ level: Double) -> Double {
    (Normal.quantile(1 - level) + Normal.quantile(power)) * (Double.pi / 3).squareRoot()
  }

  /// By the method of Box and Muller.
  private static func normal(_ random: inout SeededRandom) -> Double {
    let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude..<1, using: &random))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
  }
}
