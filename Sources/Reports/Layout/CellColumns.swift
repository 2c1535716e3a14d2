import Model

/// The columns of the CSV formats that say which cell a line is about.
struct CellColumns {
  /// Their names.
  static let titles = [
    "session", "started", "workload", "parameters", "arm", "command", "variant", "libc", "linkage",
    "allocator", "arch", "settings", "environment", "audit", "identity", "identity_verified", "outcomes",
  ]

  let session: Session

  /// Their values.
  func fields(_ result: CellResult) -> [CSVText.Field] {
    let cell = result.cell
    let parameters = cell.subject.parameters.map(\.description)
    let outcomes = result.outcomes.map { "\($0.outcome)=\($0.count)" }
    let texts = [
      session.id, Timestamp.iso8601(session.startedAt), cell.subject.workload,
      parameters.joined(separator: " "),
      cell.subject.arm ?? "", cell.subject.command.map(ShellText.line) ?? "", cell.variant.description,
      cell.variant.libc.rawValue, cell.variant.linkage.rawValue, cell.variant.allocator.rawValue,
      session.architecture(of: cell.variant), cell.settings.name,
      cell.settings.environment.map { "\($0.variable)=\($0.value)" }.joined(separator: " "),
      result.audit.map { "\($0.request): \($0.verdict.rawValue)" }.joined(separator: "; "),
      result.identity.allocator?.rawValue ?? "",
    ]
    return texts.map(CSVText.Field.text) + [
      .flag(result.identity.verified), .text(outcomes.joined(separator: " ")),
    ]
  }
}

extension Subject {
  /// The arguments when it is a command.
  var command: [String]? {
    if case .command(_, let arguments) = self { arguments } else { nil }
  }
}

extension Session {
  /// The architecture a variant ran as: its own where foreign, else the host's (fact `architecture`).
  func architecture(of variant: Variant) -> String {
    variant.foreignArchitecture ?? host.first { $0.name == "architecture" }?.value ?? "native"
  }
}
