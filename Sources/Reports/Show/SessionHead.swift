import Model

/// The circumstances of a session: command, plan, host and files.
struct SessionHead {
  let session: Session
  let options: ReportOptions

  /// Title, facts and sections.
  var lines: [String] {
    let paint = Paint(isOn: options.colour)
    let head =
      [paint(Visible.text(session.plan.title), .heading)]
      + Wrap.items(
        SessionFacts.items(session).map(Visible.text), separator: " · ", width: options.width)
    let sections = [
      NoteSection(title: "Plan", notes: plan),
      NoteSection(title: "Host", notes: session.host.map { .init(lead: $0.name, text: $0.value) }),
      NoteSection(title: "Files that took part", notes: artifacts),
      NoteSection(title: "Not measured", notes: skipped),
    ]
    return head
      + sections.filter { !$0.notes.isEmpty }
      .flatMap { [""] + NoteText.lines($0, width: options.width, paint: paint) }
  }

  private var plan: [NoteSection.Note] {
    let plan = session.plan
    let subjects = plan.subjects.map { subject in
      subject.command.map { "\(subject.arm ?? ""): \(ShellText.line($0))" } ?? subject.description
    }
    return [
      .init(lead: "command", text: ShellText.line(session.commandLine)),
      .init(lead: "executed", text: "", verbatim: subjects),
      .init(lead: "variants", text: plan.variants.map(\.shortName).joined(separator: ", ")),
      .init(lead: "reference", text: plan.reference.shortName),
      .init(lead: "settings", text: "", verbatim: plan.settings.map(settings)),
      .init(lead: "trials", text: "\(plan.trials) a cell, warm-up blocks: \(plan.warmupBlocks)"),
      .init(lead: "seed", text: "\(plan.seed)"),
      .init(lead: "sampling", text: sampling(plan.sampling)),
      .init(lead: "limits", text: limits(plan.limits)),
    ]
  }

  private func settings(_ set: SettingsSet) -> String {
    let assignments = set.environment.map { "\($0.variable)=\($0.value)" }
    return set.name + (assignments.isEmpty ? "" : " (\(assignments.joined(separator: " ")))")
  }

  private func sampling(_ sampling: Sampling) -> String {
    (sampling.rateHz == 0 ? "no resident curve" : "resident at \(sampling.rateHz) Hz")
      + (sampling.counters ? "" : ", telemetry off") + (sampling.latency ? ", every call timed" : "")
  }

  private func limits(_ limits: Limits) -> String {
    "\(FigureText.text(limits.time)) a trial"
      + (limits.memory.map { ", \(FigureText.text($0)) resident" } ?? "")
  }

  private var artifacts: [NoteSection.Note] {
    session.artifacts.map { file in
      NoteSection.Note(
        lead: file.kind, text: "",
        verbatim: [
          file.path, FigureText.text(file.size), "SHA-256 \(file.sha256.prefix(16))…", file.origin,
        ])
    }
  }

  private var skipped: [NoteSection.Note] {
    session.skipped.map { skip in
      .init(lead: skip.variant.shortName + (skip.workload.map { " on \($0)" } ?? ""), text: skip.reason)
    }
  }
}
