import Model

/// Everything that a profile found out, for people: a verdict, what was counted, call sites, functions, and what this
/// machine could not tell.
public struct ProfilePage {
  private let result: ProfileResult
  private let functions: FunctionTable
  private let sites: Int?
  private let cumulative: Bool

  /// Lays a result out.
  ///
  /// `sites` is how many call sites are shown, and half of the functions; without it, those that matter. With
  /// `cumulative`, the table of functions counts what they called as well.
  public init(_ result: ProfileResult, functions: FunctionTable, sites: Int? = nil, cumulative: Bool = false)
  {
    self.cumulative = cumulative
    self.result = result
    self.functions = functions
    self.sites = sites
  }

  /// For a terminal; `sort` names the column of call sites that decides their order, of the options width and colour
  /// apply.
  ///
  /// Throws: `ReportError.unknownColumn`.
  public func text(options: ReportOptions) throws(ReportError) -> String {
    let paint = Paint(isOn: options.colour)
    var lines = [paint(Visible.text("profile of " + result.title), .heading)]
    lines += Wrap.items(facts.map(Visible.text), separator: " · ", width: options.width).map {
      paint($0, .faint)
    }
    lines += [""] + verdicts.flatMap { Wrap.lines(Visible.text($0), width: options.width) }
    lines += section(ProfileEvents(result).notes, "Counted", options.width, paint)
    for profile in profiles {
      lines += ["", try text(of: profile, options).trimmingNewlines]
    }
    lines += simulation.map { SimulationPage.terminal($0, width: options.width, paint: paint) } ?? []
    lines += memory(options.width, paint)
    if !functions.rows.isEmpty {
      let table = FunctionReport.text(
        functions, rows: rows, cumulative: cumulative, said: said, options: options)
      lines += ["", table.trimmingNewlines]
    }
    for part in closing { lines += section(part.notes, part.title, options.width, paint) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// In GitHub's Markdown.
  ///
  /// Throws: `ReportError.unknownColumn`.
  public func markdown() throws(ReportError) -> String {
    var lines = ["# profile of " + MarkdownText.prose(result.title), ""]
    lines += [facts.map(MarkdownText.prose).joined(separator: " · "), ""]
    lines += verdicts.map { "* " + MarkdownText.prose($0) }
    lines += MarkdownNotes.lines(NoteSection(title: "Counted", notes: ProfileEvents(result).notes))
    for profile in profiles {
      let column = ProfilePage.column(of: profile)
      lines += [
        "", try ProfileReport.markdown(profile, column: column, sites: sites ?? 10).trimmingNewlines,
      ]
    }
    lines += simulation.map(SimulationPage.markdown) ?? []
    if !functions.rows.isEmpty {
      let table = FunctionReport.markdown(functions, rows: rows, cumulative: cumulative, said: said)
      lines += ["", table.trimmingNewlines]
    }
    for part in closing where !part.notes.isEmpty { lines += MarkdownNotes.lines(part) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Profiles with call sites, in the order of a reader's questions.
  private var profiles: [StackProfile] {
    [result.growth, result.accesses].compactMap(\.self).filter { !$0.samples.isEmpty } + result.heaps
  }

  private func text(of profile: StackProfile, _ options: ReportOptions) throws(ReportError) -> String {
    try ProfileReport.text(
      profile, column: ProfilePage.column(of: profile), sites: sites, options: options)
  }

  /// The column that orders call sites and that exports show first: the first bytes that are no small part of all bytes,
  /// of a difference their change; without bytes, time. What is live at the end of a program that frees everything tells
  /// nothing.
  public static func column(of profile: StackProfile) -> String? {
    let totals = profile.totals
    func weight(_ index: Int) -> Double {
      guard let base = profile.columns[index].baseColumn else { return totals[index] }
      let before = profile.columns.firstIndex { $0.name == base }.map { totals[$0] } ?? 0
      return max(before, before + totals[index])
    }
    let changes = profile.columns.indices.filter { profile.columns[$0].baseColumn != nil }
    let candidates = changes.isEmpty ? Array(profile.columns.indices) : changes
    let all = candidates.filter { profile.columns[$0].unit == .bytes }
    // Go writes what was allocated before what is live; the question is the same for all heaps.
    let bytes =
      all.filter { profile.columns[$0].name == "live_bytes" }
      + all.filter { profile.columns[$0].name != "live_bytes" }
    let largest = bytes.map(weight).max() ?? 0
    let first =
      bytes.first { weight($0) > 0 && weight($0) >= largest / 100 } ?? candidates.first {
        [.nanoseconds, .seconds].contains(profile.columns[$0].unit)
      } ?? candidates.first
    return first.map { profile.columns[$0].name }
  }

  private var rows: Int? { sites.map { $0 * 2 } }

  /// What stands under the tables of call sites.
  private var said: Set<String> {
    Set(
      profiles.flatMap { $0.columns.map(\.explanation) + $0.notes }
        + (simulation == nil ? [] : simulatedNotes))
  }

  private var simulatedNotes: [String] { result.simulated?.notes ?? [] }

  private var simulation: SimulationTable? {
    guard let cell = result.cell, let events = result.simulated else { return nil }
    return SimulationTable(cell, SimulationRecord(cellKey: cell.key, events: events))
  }

  private var facts: [String] {
    var facts: [String] = []
    if let set = result.cell?.settings, !set.environment.isEmpty {
      facts.append(
        "settings \(set.name): " + set.environment.map { "\($0.variable)=\($0.value)" }.joined(separator: " ")
      )
    }
    // What was read from files took no time here.
    facts +=
      result.duration.count > 0
      ? [Timestamp.text(result.startedAt), "sampled for \(FigureText.text(result.duration))"]
      : ["written " + Timestamp.text(result.startedAt)]
    facts += ["cpu_model", "kernel"].compactMap { name in result.host.first { $0.name == name }?.value }
    return facts + ["heapscale \(result.version)"]
  }

  private var verdicts: [String] {
    ProfileVerdicts(result).sentences
  }

  private func section(_ notes: [NoteSection.Note], _ title: String, _ width: Int, _ paint: Paint) -> [String]
  {
    guard !notes.isEmpty else { return [] }
    return [""] + NoteText.lines(NoteSection(title: title, notes: notes), width: width, paint: paint)
  }

  private func memory(_ width: Int, _ paint: Paint) -> [String] {
    guard let memory = result.memory else { return [] }
    return ["", paint("Where loads and stores were served, sampled", .heading)]
      + MemoryTables(memory).lines(width)
  }

  private var closing: [NoteSection] {
    let missing = result.unavailable.map { missing in
      NoteSection.Note(
        lead: "",
        text: missing.what + ": "
          + ([missing.reason] + [missing.remedy].compactMap(\.self)).joined(separator: "; "))
    }
    let identity = result.identity.map {
      [NoteSection.Note(lead: "", text: ProfilePage.sentence($0), verbatim: $0.evidence)]
    }
    let notes = result.notes.map { NoteSection.Note(lead: "", text: $0) }
    return [
      NoteSection(title: "Which allocator served malloc", notes: identity ?? []),
      NoteSection(title: "Not available here", notes: missing),
      NoteSection(title: "Notes", notes: notes),
    ]
  }
}

extension ProfilePage {
  private static func sentence(_ identity: Identity) -> String {
    let name = identity.allocator?.rawValue
    return identity.verified
      ? "\(name ?? "the one that the variant names"), verified:" : "\(name ?? "not known"), not verified:"
  }
}

extension String {
  fileprivate var trimmingNewlines: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
