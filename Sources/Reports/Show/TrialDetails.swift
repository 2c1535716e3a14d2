import Model
import OrderedCollections

/// Everything that is stored of one trial.
struct TrialDetails {
  let trial: Trial
  let cell: Cell?
  let metrics: [MetricDefinition]
  let options: ReportOptions

  /// Heading, metrics, proof, conditions, curve and standard error.
  var lines: [String] {
    let paint = Paint(isOn: options.colour)
    let sections = [
      NoteSection(title: "Metrics", notes: metrics.compactMap(figure) + unavailable),
      NoteSection(title: "Which allocator served malloc", notes: [identity]),
      NoteSection(title: "Conditions", notes: conditions),
    ]
    return head(paint)
      + sections.filter { !$0.notes.isEmpty }
      .flatMap { [""] + NoteText.lines($0, width: options.width, paint: paint) }
      + processes(paint) + curve(paint) + standardError(paint)
  }

  private func head(_ paint: Paint) -> [String] {
    let name =
      cell.map { "\($0.subject.description) · \($0.variant.shortName) · \($0.settings.name)" }
      ?? trial.cellKey
    let block = trial.block < 0 ? "warm-up block \(trial.block)" : "block \(trial.block + 1)"
    let place = "\(block), position \(trial.position) · \(Timestamp.text(trial.startedAt))"
    let outcome = paint(trial.outcome.longName, trial.outcome == .ok ? .plain : .failure)
    let message = trial.message.map { ": " + Visible.text($0) } ?? ""
    return [paint(Visible.text(name), .heading), place, outcome + message]
  }

  private func figure(_ metric: MetricDefinition) -> NoteSection.Note? {
    guard let value = trial.values[metric.id] else { return nil }
    switch value {
    case .unavailable: return nil
    case .value(let number, let provenance):
      let text = FigureText.text(number, of: metric)
      let exact = NumberText.shortest(number) + (metric.unit.suffix.map { " \($0)" } ?? "")
      let largest = metric.id == "peak_process" ? trial.processTable.largest.map { ": \($0.name)" } ?? "" : ""
      return NoteSection.Note(
        lead: metric.title,
        text: text + (exact == text ? "" : " (\(exact))") + ", \(provenance.rawValue)\(largest)")
    }
  }

  /// Metrics without a figure: those with one reason on one line.
  private var unavailable: [NoteSection.Note] {
    let missing = metrics.compactMap { metric -> (title: String, reason: String)? in
      guard case .unavailable(let reason)? = trial.values[metric.id] else { return nil }
      return (metric.title, reason)
    }
    return OrderedDictionary(grouping: missing, by: \.reason).map { reason, metrics in
      NoteSection.Note(lead: "—", text: metrics.map(\.title).joined(separator: ", ") + ": " + reason)
    }
  }

  private var identity: NoteSection.Note {
    let found = trial.identity.allocator?.rawValue ?? "no allocator was recognised"
    return NoteSection.Note(
      lead: trial.identity.verified ? "proved" : "not verified",
      text: found + (trial.identity.evidence.isEmpty ? "" : ":"), verbatim: trial.identity.evidence)
  }

  private var conditions: [NoteSection.Note] {
    trial.conditions.sorted { $0.key < $1.key }.map { NoteSection.Note(lead: $0.key, text: $0.value) }
  }

  /// A single process says nothing that the metrics do not.
  private func processes(_ paint: Paint) -> [String] {
    let table = trial.processTable
    guard table.count > 1 else { return [] }
    let rows = ProcessRows(table)
    return ["", paint("Processes", .heading)] + ProcessText.terminal(rows, paint: paint)
      + ProcessText.notes(rows.notes, width: options.width)
  }

  private func curve(_ paint: Paint) -> [String] {
    guard let series = trial.series else { return ["", "No resident curve: sampling was off."] }
    let title = paint("Resident and live bytes over time", .heading)
    return ["", title] + ResidentPlot(series: series, width: options.width).lines
      + PhaseTable(marks: series.marks, paint: paint).lines
  }

  private func standardError(_ paint: Paint) -> [String] {
    guard !trial.stderrTail.isEmpty else { return [] }
    let lines = trial.stderrTail.split(separator: "\n", omittingEmptySubsequences: false)
    let kept = lines.last == "" ? lines.dropLast() : lines[...]
    return ["", paint("End of standard error", .heading)] + kept.map { "  │ " + Visible.text(String($0)) }
  }
}

extension MetricUnit {
  /// What stands after an exact number; nil where a number says it all.
  fileprivate var suffix: String? {
    switch self {
    case .bytes, .seconds, .nanoseconds, .perSecond: rawValue
    case .count, .ratio: nil
    }
  }
}
