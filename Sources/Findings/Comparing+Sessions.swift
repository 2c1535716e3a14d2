import Model

extension Comparing {
  /// A session, or a stored baseline, against a later one: cells of the same workload, variant and settings.
  ///
  /// Their trials were not interleaved, and so are compared as two samples (`UnpairedEffect`). That is sound for counts,
  /// and for resident memory on a machine of the same class; time differs between sessions for many reasons besides
  /// the program, and therefore only informs, unless `timeGates`.
  /// With `isGate` it decides about a check: then `gaps` says what was not compared, also where the two have nothing in
  /// common; `planned` are the cells that the later session was to measure.
  /// Throws: `FindingsError` when the sessions have no cell in common, and for a threshold that is none.
  public static func sessions(
    old: Measurements, oldName: String, new: Measurements, newName: String, timeGates: Bool = false,
    thresholds: Thresholds = .standard, isGate: Bool = false, planned: [Cell] = []
  ) throws(FindingsError) -> ComparisonResult {
    let pairs = PairFinder(new.cells).sessions(old: old.cells, oldName: oldName, newName: newName)
    let wanted = Set(planned.map(\.key)).subtracting(new.cells.map(\.cell.key))
    let awaited = old.cells.filter { wanted.contains($0.cell.key) }.map { cell in
      (cell: cell, why: "\(newName) did not measure, though its plan has it")
    }
    guard !pairs.isEmpty || isGate else {
      throw .nothingToCompare("\(oldName) and \(newName) have no workload, variant and settings in common")
    }
    let times = new.definitions.filter(\.isTime).filter { metric in
      pairs.contains { $0.hasValues(of: metric.id) }
    }
    var thresholds = thresholds
    if !timeGates { thresholds.rules += times.map { ThresholdRule(metric: $0.id, gates: false) } }
    let warnings = [
      unsound(times, timeGates: timeGates), alone(old, new, oldName: oldName, newName: newName),
      changed(pairs),
    ]
    var both = new
    both.noise =
      old.noise.map { "\(oldName): \($0)" } + new.noise.map { "\(newName): \($0)" }
    return try result(
      both, title: "\(newName) against \(oldName)", names: (oldName, newName), pairs: pairs, again: nil,
      thresholds, warnings: warnings.compactMap(\.self), isGate: isGate,
      alone: unmatched(new, by: old, "\(oldName) does not have") + awaited)
  }

  /// Cells that the other side does not have.
  private static func unmatched(
    _ measured: Measurements, by other: Measurements, _ why: String
  ) -> [(cell: MeasuredCell, why: String)] {
    let known = Set(other.cells.map(\.cell.key))
    return measured.cells.filter { !known.contains($0.cell.key) }.map { ($0, why) }
  }

  private static func unsound(_ times: [MetricDefinition], timeGates: Bool) -> String? {
    guard !times.isEmpty else { return nil }
    return "the two were measured one after the other, and what disturbed one did not disturb the other: "
      + "identical programs then differ \"significantly\" in time in every fifth to second comparison"
      + (timeGates ? "" : ", so that time does not gate here")
      + "; to compare time, measure both together: `heapscale compare --arm base=COMMAND --arm new=COMMAND`"
  }

  private static func alone(
    _ old: Measurements, _ new: Measurements, oldName: String, newName: String
  ) -> String? {
    let before = Set(old.cells.map(\.cell.key))
    let after = Set(new.cells.map(\.cell.key))
    let lists = [(oldName, before.subtracting(after)), (newName, after.subtracting(before))]
    let parts = lists.filter { !$0.1.isEmpty }.map { name, keys in
      "only in \(name): \(keys.sorted().joined(separator: ", "))"
    }
    return parts.isEmpty ? nil : "not compared, \(parts.joined(separator: "; "))"
  }

  /// Settings are matched by name, which may stand for something else by now.
  private static func changed(_ pairs: [CellPair]) -> String? {
    let names = pairs.filter {
      $0.baseline.cell.settings.environment != $0.candidate.cell.settings.environment
    }.map(\.candidate.cell.settings.name)
    guard !names.isEmpty else { return nil }
    return "settings have other assignments than before: \(Set(names).sorted().joined(separator: ", "))"
  }
}

extension MetricDefinition {
  /// Whether it is a time or a rate, which everything else on the machine has a part in.
  fileprivate var isTime: Bool {
    switch unit {
    case .seconds, .nanoseconds, .perSecond: true
    case .bytes, .count, .ratio: false
    }
  }
}
