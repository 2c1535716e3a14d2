import Model

/// The counted events of a profile as notes: those that have a value, then the others by reason.
struct ProfileEvents {
  let result: ProfileResult

  init(_ result: ProfileResult) { self.result = result }

  var notes: [NoteSection.Note] {
    let counted = result.events.compactMap { event in
      event.value.map { value in
        NoteSection.Note(
          lead: event.metric.title,
          text: FigureText.text(value, unit: event.metric.unit)
            + (event.provenance == .counted ? "" : " (\(event.provenance?.rawValue ?? "")) "))
      }
    }
    return counted + missing
  }

  /// Ten events with one reason are one line.
  private var missing: [NoteSection.Note] {
    var reasons: [String] = []
    var names: [String: [String]] = [:]
    for event in result.events {
      guard let reason = event.unavailable else { continue }
      if names[reason] == nil { reasons.append(reason) }
      names[reason, default: []].append(event.metric.title)
    }
    return reasons.map { reason in
      NoteSection.Note(
        lead: "not counted", text: (names[reason] ?? []).joined(separator: ", ") + ": " + reason)
    }
  }
}
