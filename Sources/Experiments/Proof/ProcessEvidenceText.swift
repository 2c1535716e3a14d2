/// What was seen of the images of a tree, in lines: those that say the same are one.
enum ProcessEvidenceText {
  /// So many programs are told of; the others are counted.
  private static let limit = 8

  static func lines(_ processes: [JudgedProcess], _ weights: Weights) -> [String] {
    var sums: [[String]: (names: [String], weight: Double)] = [:]
    for process in processes {
      for image in process.images where image.finding.unknown == nil {
        var entry = sums[image.finding.evidence] ?? ([], 0)
        if !entry.names.contains(image.name) { entry.names.append(image.name) }
        entry.weight += weights.weight(of: image, in: process)
        sums[image.finding.evidence] = entry
      }
    }
    let ordered = sums.sorted {
      ($1.value.weight, $0.value.names.joined()) < ($0.value.weight, $1.value.names.joined())
    }
    if ordered.count == 1 { return ordered[0].key }
    var lines = ordered.prefix(limit).map { evidence, entry in
      "\(names(entry.names)): \(evidence.joined(separator: ", "))"
    }
    if ordered.count > limit { lines.append("and \(ordered.count - limit) more that differ") }
    return lines
  }

  private static func names(_ names: [String]) -> String {
    let few = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(few) and \(names.count - 3) more" : few
  }
}
