import Model
import Testing

@testable import Findings

struct HolmTests {
  /// A comparison is significant where every set of comparisons that holds it is, by its smallest p-value times its
  /// size: the closed test that Holm's steps are a shortcut for.
  private func closed(_ probabilities: [Double]) -> [Double] {
    probabilities.indices.map { index in
      (1..<1 << probabilities.count).filter { $0 >> index & 1 == 1 }.map { subset in
        let members = probabilities.indices.filter { subset >> $0 & 1 == 1 }
        return min(1, Double(members.count) * (members.map { probabilities[$0] }.min() ?? 1))
      }.max() ?? 1
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `steps give what the closed test gives, whatever the order`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let probabilities = (0..<Int.random(in: 0...7, using: &random)).map { _ in
      // Coarse, so that some are equal.
      (Double.random(in: 0...0.4, using: &random) * 20).rounded() / 20
    }
    for (own, expected) in zip(Holm.adjust(probabilities), closed(probabilities)) {
      #expect(abs(own - expected) < 1e-12)
    }
    let places = probabilities.indices.shuffled(using: &random)
    let shuffled = Holm.adjust(places.map { probabilities[$0] })
    #expect(shuffled == places.map { Holm.adjust(probabilities)[$0] })
  }

  @Test func `of three, the middle one is doubled and the largest stays`() {
    let adjusted = Holm.adjust([0.03, 0.01, 0.02])
    #expect(zip(adjusted, [0.04, 0.03, 0.04]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(Holm.adjust([]) == [])
    #expect(Holm.adjust([0.9, 0.8]) == [1, 1])
  }
}
