import Model

/// How a metric went over sessions: each cell on its own, on one class of machine.
///
/// Sessions are compared as two samples (`UnpairedEffect`), each with the one before it and with the first. A session
/// that differs measurably from the one before is called just that: nothing here looks for change points.
public enum Trends {
  /// The trend of a metric in these readings, whatever their order; `last` keeps the newest sessions of each series.
  ///
  /// Throws: `FindingsError` where no cell was measured twice on machines of one class, and for values that are not
  /// finite.
  public static func make(
    _ definition: MetricDefinition, _ readings: [TrendReading], last: Int? = nil
  ) throws(FindingsError) -> Trend {
    let ordered = readings.filter { !$0.values.isEmpty }.sorted {
      ($0.startedAt, $0.session) < ($1.startedAt, $1.session)
    }
    var groups: [Key: [TrendReading]] = [:]
    var order: [Key] = []
    for reading in ordered {
      let key = Key(reading, kind: FigureKind(definition))
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(reading)
    }
    var series: [TrendSeries] = []
    for key in order {
      let members = groups[key] ?? []
      let kept = Array(members.suffix(last ?? members.count))
      guard let newest = kept.last, kept.count > 1 else { continue }
      let points = try points(kept, definition)
      series.append(
        TrendSeries(cell: newest.cell, machine: newest.fingerprint.machineClass, points: points))
    }
    guard !series.isEmpty else { throw .nothingToCompare(nothing(definition, order.count)) }
    return Trend(
      definition: definition, series: series, single: order.count - series.count,
      warnings: warnings(definition, series))
  }

  /// What makes sessions comparable: the same program with the same parameters, variant and environment, and for all but
  /// counts a machine of the same class.
  private struct Key: Hashable {
    let subject: Subject
    let variant: Variant
    let settings: String
    let environment: [EnvironmentAssignment]
    let machine: [String]

    init(_ reading: TrendReading, kind: FigureKind) {
      subject = reading.cell.subject
      variant = reading.cell.variant
      settings = reading.cell.settings.name
      environment = reading.cell.settings.environment
      let names = kind == .count ? ["architecture"] : Fingerprint.classFacts
      machine = names.map { reading.fingerprint.facts[$0] ?? "unknown" }
    }
  }

  private static func points(
    _ readings: [TrendReading], _ definition: MetricDefinition
  ) throws(FindingsError) -> [TrendPoint] {
    var points: [TrendPoint] = []
    for (index, reading) in readings.enumerated() {
      let before = index > 0 ? readings[index - 1] : nil
      let summary = try Median.interval(reading.values)
      points.append(
        TrendPoint(
          session: reading.session, startedAt: reading.startedAt, trials: reading.values.count,
          median: summary.median, low: summary.low, high: summary.high,
          sinceBefore: try effect(reading, before, definition),
          sinceFirst: try effect(reading, before == nil ? nil : readings[0], definition),
          changes: before.map { reading.fingerprint.changes(since: $0.fingerprint) } ?? []))
    }
    return points
  }

  private static func effect(
    _ reading: TrendReading, _ other: TrendReading?, _ definition: MetricDefinition
  ) throws(FindingsError) -> Effect? {
    guard let other else { return nil }
    // Nothing is known of how many times one is the other.
    for values in [reading.values, other.values]
    where definition.isBelowResolution(Median.middle(of: values.sorted())) { return nil }
    return try UnpairedEffect.estimate(reading.values, baselines: other.values)
  }

  // MARK: - Words

  private static func nothing(_ definition: MetricDefinition, _ cells: Int) -> String {
    guard cells > 0 else { return "no stored trial has a value of \(definition.id)" }
    let what = cells == 1 ? "the one cell with" : "each of the \(cells) cells with"
    return
      "\(what) \(definition.id) was measured in one session only, on its class of machine; measure the same plan "
      + "again"
  }

  private static func warnings(_ definition: MetricDefinition, _ series: [TrendSeries]) -> [String] {
    let steps = series.reduce(0) { $0 + $1.points.count - 1 }
    let chance =
      "\(steps) steps from one session to the next are compared at 95 % each: of identical programs about one in "
      + "twenty differs \"measurably\" by chance alone"
    guard FigureKind(definition) == .time else { return steps >= 20 ? [chance] : [] }
    return [
      "sessions were measured one after the other, and what disturbed one did not disturb the other: identical programs "
        + "then differ \"measurably\" in time in every fifth to second step; to compare times, measure both programs "
        + "together: `heapscale compare --arm base=COMMAND --arm new=COMMAND`"
    ]
  }
}
