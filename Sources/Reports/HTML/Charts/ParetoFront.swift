/// Which of several things nothing else beats in both of two costs.
enum ParetoFront {
  /// Places of the points on the front, by rising first cost. Lower is better in both.
  ///
  /// A point is on it unless another is at most as costly in both and less costly in one; equal points are all on it.
  static func indices(_ points: [(first: Double, second: Double)]) -> [Int] {
    let order = points.indices.filter { points[$0].first.isFinite && points[$0].second.isFinite }.sorted {
      (points[$0].first, points[$0].second, $0) < (points[$1].first, points[$1].second, $1)
    }
    var front: [Int] = []
    var lowest = Double.infinity
    for index in order {
      let isEqual = front.last.map { points[$0] == points[index] } ?? false
      guard points[index].second < lowest || isEqual else { continue }
      front.append(index)
      lowest = points[index].second
    }
    return front
  }
}
