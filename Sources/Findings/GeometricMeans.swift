import Foundation
import Model

/// Changes over all workloads: the geometric mean of the ratios, each workload with the same weight.
///
/// Where trials are paired, the logarithms of a block's ratios are averaged over the workloads first, and the
/// Hodges–Lehmann estimate over blocks gives mean and interval together: what disturbs a block disturbs all its
/// workloads, and averaging first takes that into account. It speaks of these workloads, not of all there could be.
enum GeometricMeans {
  private struct Key: Hashable {
    let baseline: String
    let candidate: String
    let context: String
  }

  /// The means of every metric and pair of names with at least two workloads, in order of appearance.
  static func make(
    _ pairs: [CellPair], definitions: [MetricDefinition], thresholds: Thresholds
  ) -> [GeometricMean] {
    var groups: [Key: [CellPair]] = [:]
    var order: [Key] = []
    for pair in pairs {
      let key = Key(baseline: pair.baselineName, candidate: pair.candidateName, context: pair.context)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(pair)
    }
    return order.flatMap { key in
      definitions.compactMap { definition in
        mean(of: groups[key] ?? [], definition: definition, thresholds: thresholds)
      }
    }
  }

  private static func mean(
    of pairs: [CellPair], definition: MetricDefinition, thresholds: Thresholds
  ) -> GeometricMean? {
    let resolved = pairs.filter { !$0.isBelowResolution(definition) }
    let usable = resolved.filter { logs($0, definition.id) != nil }
    guard let first = usable.first, usable.count > 1,
      Set(usable.map(\.candidate.cell.subject)).count == usable.count,
      var effect = first.isPaired ? paired(usable, definition.id) : unpaired(usable, definition.id)
    else { return nil }
    let gaps = [
      (resolved.count { $0.hasValues(of: definition.id) } - usable.count, "with values of 0"),
      (pairs.count - resolved.count, "below \(definition.resolutionText ?? "")"),
    ]
    for (without, why) in gaps where without > 0 {
      let gap = "without \(without) workload\(without == 1 ? "" : "s") \(why)"
      effect.note = effect.note.map { "\($0); \(gap)" } ?? gap
    }
    return GeometricMean(
      definition: definition, baseline: first.baselineName, candidate: first.candidateName,
      place: first.context, workloads: usable.count, effect: effect,
      threshold: thresholds.threshold(for: definition, of: first.candidate.cell))
  }

  /// The logarithm of the ratio in each block; nil where there is no value, or one without logarithm. Unpaired, the
  /// blocks mean nothing, and the one number is the effect's.
  private static func logs(_ pair: CellPair, _ metric: MetricID) -> [Int: Double]? {
    guard pair.isPaired else {
      let values = Array(pair.candidate.byBlock(metric).values)
      let baselines = Array(pair.baseline.byBlock(metric).values)
      guard (values + baselines).allSatisfy({ $0 > 0 }),
        let shift = try? TwoSampleShift.shift(values.map { log($0) }, baselines: baselines.map { log($0) })
      else { return nil }
      return [0: shift.centre]
    }
    let blocks = pair.blocks(of: metric)
    guard !blocks.isEmpty, blocks.allSatisfy({ $0.pair.value > 0 && $0.pair.baseline > 0 }) else {
      return nil
    }
    return Dictionary(
      uniqueKeysWithValues: blocks.map { ($0.block, log($0.pair.value) - log($0.pair.baseline)) })
  }

  private static func paired(_ pairs: [CellPair], _ metric: MetricID) -> Effect? {
    let all = pairs.compactMap { logs($0, metric) }
    let shared = all.dropFirst().reduce(Set(all[0].keys)) { $0.intersection($1.keys) }.sorted()
    guard !shared.isEmpty else {
      let centres = all.compactMap { try? HodgesLehmann.shift(Array($0.values)).centre }
      return bare(centres, note: "the workloads share no blocks: no interval")
    }
    let means = shared.map { block in
      all.reduce(0) { $0 + ($1[block] ?? 0) / Double(all.count) }
    }
    guard let shift = try? HodgesLehmann.shift(means) else { return nil }
    return Effect(
      change: expm1(shift.centre), low: shift.low.map { expm1($0) }, high: shift.high.map { expm1($0) },
      pairs: means.count, note: shift.note)
  }

  private static func unpaired(_ pairs: [CellPair], _ metric: MetricID) -> Effect? {
    bare(
      pairs.compactMap { logs($0, metric)?[0] },
      note: "the sides were not measured in the same blocks: no interval")
  }

  private static func bare(_ centres: [Double], note: String) -> Effect? {
    guard !centres.isEmpty else { return nil }
    let mean = centres.reduce(0) { $0 + $1 / Double(centres.count) }
    return Effect(change: expm1(mean), low: nil, high: nil, pairs: 0, note: note)
  }
}
