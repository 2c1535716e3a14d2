import Model

/// A trial in a document.
struct TrialRecord: Codable {
  let cell: String
  let block: Int
  let position: Int
  let startedAt: Double
  let outcome: Outcome
  let message: String?
  let stderr: String
  let identity: Identity
  let conditions: [String: String]
  let values: [String: ValueRecord]
  let series: SeriesRecord?
  /// Absent for workloads of ours and in documents of versions that did not look at processes.
  let processes: [ProcessRecord]?
  let otherProcesses: [ProcessKind]?

  init(_ trial: Trial) {
    cell = trial.cellKey
    block = trial.block
    position = trial.position
    startedAt = trial.startedAt
    outcome = trial.outcome
    message = trial.message
    stderr = trial.stderrTail
    identity = trial.identity
    conditions = trial.conditions
    values = Dictionary(
      uniqueKeysWithValues: trial.values.map { ($0.key.rawValue, ValueRecord($0.value)) })
    series = trial.series.map(SeriesRecord.init)
    processes = trial.processes.isEmpty ? nil : trial.processes
    otherProcesses = trial.otherProcesses.isEmpty ? nil : trial.otherProcesses
  }

  /// The trial it stands for.
  ///
  /// Throws: `badDocument` when its columns do not fit together.
  func trial() throws(StoreError) -> Trial {
    var metrics: [MetricID: MetricValue] = [:]
    for (name, record) in values { metrics[MetricID(name)] = try record.value(name) }
    var trial = Trial(
      cellKey: cell, block: block, position: position, startedAt: startedAt, outcome: outcome,
      message: message, stderrTail: stderr, values: metrics, series: try series?.series(),
      identity: identity, conditions: conditions)
    (trial.processes, trial.otherProcesses) = (processes ?? [], otherProcesses ?? [])
    return trial
  }
}

/// A metric's value in a document: either a number with its provenance, or why there is none.
struct ValueRecord: Codable {
  let value: Double?
  let provenance: Provenance?
  let unavailable: String?

  init(_ value: MetricValue) {
    switch value {
    case .value(let number, let provenance):
      (self.value, self.provenance, unavailable) = (number, provenance, nil)
    case .unavailable(let reason): (self.value, provenance, unavailable) = (nil, nil, reason)
    }
  }

  func value(_ metric: String) throws(StoreError) -> MetricValue {
    switch (value, provenance, unavailable) {
    case (let number?, let provenance?, nil): .value(number, provenance)
    case (nil, nil, let reason?): .unavailable(reason)
    default:
      throw .badDocument(detail: "metric '\(metric)' has neither a value with provenance nor a reason")
    }
  }
}

/// A curve in a document, column by column; `live` is null where it was not known.
struct SeriesRecord: Codable {
  let time: [Nanoseconds]
  let resident: [Bytes]
  let live: [Bytes?]
  let marks: [ResidentSeries.Mark]
  let missedTicks: Int
  /// Absent where one process is all there is.
  let parts: [ResidentSeries.Part]?

  init(_ series: ResidentSeries) {
    time = series.samples.map(\.time)
    resident = series.samples.map(\.resident)
    live = series.samples.map(\.live)
    marks = series.marks
    missedTicks = series.missedTicks
    parts = series.parts
  }

  func series() throws(StoreError) -> ResidentSeries {
    guard time.count == resident.count, time.count == live.count,
      parts?.allSatisfy({ $0.resident.count == time.count }) ?? true
    else {
      throw .badDocument(detail: "the columns of a series have different lengths")
    }
    let samples = time.indices.map { index in
      ResidentSeries.Sample(time: time[index], resident: resident[index], live: live[index])
    }
    return ResidentSeries(samples: samples, marks: marks, missedTicks: missedTicks, parts: parts)
  }
}
