import Model

/// Everything under a table of judgements: means, warnings, noise, and how to read it.
struct ComparisonNotes {
  let result: ComparisonResult
  let choice: JudgementChoice
  let table: JudgementTable

  /// The sections that have something to say, in order.
  var sections: [NoteSection] {
    [
      NoteSection(
        title: "Not compared, so that the check has not passed", notes: ComparisonNotes.plain(result.gaps)),
      NoteSection(title: "Over all workloads (geometric mean)", notes: means),
      NoteSection(title: "Warnings", notes: ComparisonNotes.plain(result.warnings)),
      NoteSection(title: "Noise of the machine", notes: ComparisonNotes.plain(result.noise)),
      NoteSection(title: "How far the baseline is from itself (A/A)", notes: noiseFloor),
      NoteSection(title: "Not shown", notes: ComparisonNotes.plain(choice.note.map { [$0] } ?? [])),
      NoteSection(title: "How to read it", notes: legend),
    ].filter { !$0.notes.isEmpty }
  }

  private static func plain(_ texts: [String]) -> [NoteSection.Note] {
    texts.map { NoteSection.Note(lead: "", text: $0) }
  }

  private var means: [NoteSection.Note] {
    let shown = Set(choice.shown.map(\.definition.id))
    return result.means.filter { shown.contains($0.definition.id) && $0.effect.isFinite }.map { mean in
      let place = mean.place.isEmpty ? "" : " " + mean.place
      let note = mean.effect.note.map { "; \($0)" } ?? ""
      let limit = mean.threshold.text(unit: mean.definition.unit)
      return NoteSection.Note(
        lead: mean.definition.title,
        text: "\(ChangeText.text(mean.effect)) \(mean.candidate) against \(mean.baseline)\(place), "
          + "\(mean.workloads) workloads; tolerated: \(limit)\(note)")
    }
  }

  /// What is beyond its threshold one by one, the rest as a number.
  private var noiseFloor: [NoteSection.Note] {
    let beyond = result.noiseFloor.filter { $0.exceeds == true }
    let within = result.noiseFloor.filter { $0.exceeds == false }.count
    let unknown = result.noiseFloor.count - beyond.count - within
    let others = [
      within == 0 ? nil : "\(within) within the threshold",
      unknown == 0 ? nil : "\(unknown) with too few trials for an interval",
    ].compactMap { $0 }.joined(separator: ", ")
    return beyond.map(ComparisonNotes.note)
      + (others.isEmpty ? [] : [NoteSection.Note(lead: beyond.isEmpty ? "all" : "others", text: others)])
  }

  private static func note(_ floor: NoiseFloor) -> NoteSection.Note {
    let cell = floor.cell
    let subject = cell.subject.arm ?? cell.subject.description
    let change = floor.effect.flatMap { $0.isFinite ? ChangeText.text($0) : nil } ?? "not a number"
    let limit = floor.threshold.text(unit: floor.definition.unit)
    let name = "\(subject) on \(cell.variant.shortName), settings \(cell.settings.name)"
    return NoteSection.Note(
      lead: floor.definition.title, text: name + ":",
      lines: [
        NoteSection.Line(
          depth: 1, alarm: "beyond the threshold",
          text: ": \(change), tolerated \(limit); a change of this size says nothing")
      ])
  }

  private var legend: [NoteSection.Note] {
    let judgements = choice.shown
    let marks: [(isUsed: Bool, lead: String, text: String)] = [
      (!judgements.isEmpty, "baseline", "median over its trials that ended ok; so for the candidate"),
      (
        judgements.contains { $0.finiteEffect?.low != nil && $0.lane == .sampled }, "% [ ]",
        "change against the baseline with its 95 % interval"
      ),
      (
        judgements.contains { $0.lane == .exact }, "exact",
        "compared value against value; [ ] are the smallest and the largest change between any two repeats"
      ),
      (!judgements.isEmpty, "tolerated", "the change up to which it counts as the same; of two the larger"),
      (
        judgements.contains { $0.lane == .sampled && $0.detectable != nil }, "detects",
        "the smallest change, beyond what is tolerated, that so many trials give a verdict on four times out of five"
      ),
      (
        judgements.contains { !$0.baseline.outliers.isEmpty || !$0.candidate.outliers.isEmpty }, "outliers",
        "values beyond 5 · 1.4826 · MAD of the median; they are counted like all others"
      ),
      (!judgements.isEmpty, "↓ ↑", "lower is better, higher is better"),
    ]
    return marks.filter(\.isUsed).map { NoteSection.Note(lead: $0.lead, text: $0.text) }
      + table.footnotes.all.map { NoteSection.Note(lead: $0.mark, text: $0.text) }
  }
}
