import Model

/// What of the user and the machine a page tells to whoever gets it.
enum HoldingText {
  /// A sentence for the end of a page.
  static func text(_ session: Session) -> String {
    if let left = session.host.first(where: { $0.name == Session.redactedFact })?.value {
      return "Left out: \(left). Command lines and what programs printed last are otherwise as they were."
    }
    return
      "This page holds command lines, settings and variables that were set, paths of programs and libraries, "
      + "what programs printed last on standard error, and facts about the machine; with --redact it is written without "
      + "names of host and user, folders and values that look secret."
  }
}
