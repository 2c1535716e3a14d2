import Model

/// A row of values as blocks of eight heights.
enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  /// The blocks span at least this share of the middle, so that noise below it does not look like a trend.
  private static let leastSpan = 0.05

  /// One block a value, from the smallest to the largest; values that hardly differ stand in the middle.
  static func text(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max(), low.isFinite, high.isFinite else { return "" }
    let middle = low / 2 + high / 2
    let span = max(high - low, middle.magnitude * leastSpan)
    return String(
      values.map { value in
        guard span > 0 else { return blocks[3] }
        let place = ((value - middle) / span + 0.5) * Double(blocks.count - 1)
        return blocks[min(blocks.count - 1, max(0, Int(nearest: place)))]
      })
  }
}
