import Model

/// A metric: what it is, and how it is worked out from what was seen of one trial.
///
/// Adding one: a file in this folder, and a line in `MetricRegistry.all`.
public protocol Metric: Sendable {
  /// What it is.
  static var definition: MetricDefinition { get }

  /// Its value in one trial, with provenance, or why there is none.
  static func value(_ observation: Observation) -> MetricValue
}

/// All metrics, in the order of tables and of `list metrics`.
public enum MetricRegistry {
  /// Every metric there is. A test names a file of this folder that is missing here.
  public static let all: [any Metric.Type] = [
    PeakResident.self,
    PeakProcess.self,
    MeanResident.self,
    EndResident.self,
    SettledResident.self,
    RetainedResident.self,
    RetainedLazyFree.self,
    ResidenceHalfLife.self,
    PeakLive.self,
    Overhead.self,
    Wall.self,
    CPU.self,
    CPUUser.self,
    CPUSystem.self,
    Throughput.self,
    TimePerOperation.self,
    Operations.self,
    MallocP50.self,
    MallocP99.self,
    MallocP999.self,
    MallocMax.self,
    FreeP50.self,
    FreeP99.self,
    FreeP999.self,
    FreeMax.self,
    FaultsMinor.self,
    FaultsMajor.self,
    FaultsUser.self,
    SwitchesVoluntary.self,
    SwitchesInvoluntary.self,
    Instructions.self,
    Cycles.self,
    Loads.self,
    Stores.self,
    LoadsPerOperation.self,
    StoresPerOperation.self,
    L1DMisses.self,
    LLCMisses.self,
    DTLBMisses.self,
    BranchMisses.self,
    CPUMigrations.self,
    MmapCalls.self,
    MunmapCalls.self,
    BrkCalls.self,
    MadviseCalls.self,
    FileSize.self,
    GoHeapInUse.self,
    GoHeapReleased.self,
    GoGCCycles.self,
    GoGCCPU.self,
    GoGCPauseP99.self,
  ]

  /// Their definitions.
  public static var definitions: [MetricDefinition] { all.map { $0.definition } }

  /// All values of one trial.
  public static func values(_ observation: Observation) -> [MetricID: MetricValue] {
    Dictionary(uniqueKeysWithValues: all.map { ($0.definition.id, $0.value(observation)) })
  }
}

extension Observation {
  /// Why phases say nothing about a program without a telemetry page that can be believed.
  var noPage: MetricValue {
    .unavailable(
      telemetryFault.map { "implausible telemetry: \($0)" } ?? "a user's command has no telemetry page")
  }

  /// Why the Go runtime says nothing about a program.
  var notGo: MetricValue { telemetry == nil ? noPage : .unavailable("not a Go program") }
  static let noGoMarks = MetricValue.unavailable("the program ended before its first phase")
  static let noGoTotals = MetricValue.unavailable("the program did not come to its end")

  /// What was exactly there at the end of the last idle phase; nil when the program did not come to it.
  var endOfIdle: ResidentSeries.Mark? {
    guard let idle = series.marks.lastIndex(where: { $0.phase == "idle" }), idle + 1 < series.marks.count
    else {
      return nil
    }
    return series.marks[idle + 1]
  }

  /// Why there is none.
  static let noEndOfIdle = MetricValue.unavailable("the program did not come to the end of an idle phase")

  /// Spans of a phase that came to their end: wall and CPU time, operations.
  func spans(of phase: String) -> [PhaseSpan] {
    series.marks.indices.dropLast().compactMap { index in
      let mark = series.marks[index]
      guard mark.phase == phase else { return nil }
      let next = series.marks[index + 1]
      return PhaseSpan(
        wall: next.ended - mark.began, cpu: next.cpuEnded - mark.cpuBegan,
        operations: next.operations - min(next.operations, mark.operations))
    }
  }
}

/// One span of a phase.
struct PhaseSpan {
  var wall: Nanoseconds
  var cpu: Nanoseconds
  var operations: UInt64
}
