/// Adjusts p-values for the number of comparisons, so that the chance of any false alarm stays below the level.
///
/// Step-down: the smallest is multiplied by their number, the next by one less, and so on, and none may fall
/// below one before it. It holds whatever the comparisons have to do with each other.
/// Source: S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics
/// 6 (1979).
public enum Holm {
  /// The adjusted p-values, in the order given.
  public static func adjust(_ probabilities: [Double]) -> [Double] {
    var adjusted = probabilities
    var floor = 0.0
    let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    for (rank, index) in order.enumerated() {
      floor = max(floor, min(1, probabilities[index] * Double(order.count - rank)))
      adjusted[index] = floor
    }
    return adjusted
  }
}
