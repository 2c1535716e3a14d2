import Model

/// A comparison in which every foreign text tries to do harm, and some numbers are none.
enum HostileComparison {
  static let xml = "</testcase><!-- ]]> \u{FFFE}\u{FFFF}\u{0} &amp; \"'"
  static let command = "x\n::error file=a::owned\r\n::set-output name=a::b%0A::add-mask::c, d: e"
  private static let all = [
    HostileSession.script, HostileSession.escape, HostileSession.reversed, HostileSession.formula,
    HostileSession.table, xml, command,
  ]

  static let result = ComparisonResult(
    title: command + xml, baseline: HostileSession.table, candidate: HostileSession.formula,
    judgements: all.indices.map(judgement),
    means: [
      GeometricMean(
        definition: definition(0), baseline: xml, candidate: command, place: HostileSession.escape,
        workloads: 2, effect: Effect(change: -0.25, low: nil, high: nil, pairs: 2, note: command),
        threshold: Threshold(relative: 0.02)),
      GeometricMean(
        definition: definition(1), baseline: "a", candidate: "b", place: "", workloads: 2,
        effect: Effect(change: .nan, low: nil, high: nil, pairs: 2), threshold: Threshold(relative: 0.02)),
    ],
    noiseFloor: [
      NoiseFloor(
        definition: definition(0), cell: cell(HostileSession.table),
        effect: Effect(change: 0.5, low: 0.1, high: .infinity, pairs: 6),
        threshold: Threshold(relative: 0.02),
        exceeds: true)
    ], noise: all, warnings: all, sentences: all, gaps: all)

  private static func judgement(_ index: Int) -> Judgement {
    let name = all[index]
    let verdict = Verdict.allCases[index % Verdict.allCases.count]
    let change = [0.25, .nan, 1e300][index % 3]
    return Judgement(
      definition: definition(index),
      baseline: JudgedSide(cell: cell(name), name: name, count: 6, median: 4096),
      candidate: JudgedSide(
        cell: cell(name + "2"), name: name + "2", count: 6, median: index == 4 ? .nan : 8192, outliers: [1]),
      place: "on " + name, effect: Effect(change: change, low: 0.1, high: 0.5, pairs: 6, note: name),
      difference: Difference(centre: index == 4 ? .nan : 4096, low: nil, high: nil),
      threshold: Threshold(relative: 0.02, absolute: 1024, gates: index != 4), lane: .sampled,
      isPaired: index != 1, verdict: verdict, adjustedP: AdjustedP(regression: .nan, improvement: 1),
      missing: index == 3 ? 2 : 0, detectable: index == 2 ? .infinity : 0.03, notes: [name])
  }

  private static func definition(_ index: Int) -> MetricDefinition {
    MetricDefinition(
      id: MetricID("m\(index)-" + all[index]), title: all[index], explanation: all[index], unit: .bytes,
      better: .lower)
  }

  private static func cell(_ name: String) -> Cell {
    Cell(
      subject: .command(arm: name, arguments: all), variant: SampleComparison.glibc,
      settings: SettingsSet(
        name: name, environment: [EnvironmentAssignment(variable: name, value: HostileSession.escape)]))
  }
}
