/// Colours of a terminal, or none. The only place that writes control codes.
struct Paint {
  /// What a piece of text means.
  enum Role {
    case plain, heading, faint, best, doubt, failure, alarm
  }

  /// Whether there are colours.
  let isOn: Bool

  /// The text in the colours of its role (SGR codes of ECMA-48), or as it is.
  func callAsFunction(_ text: String, _ role: Role) -> String {
    guard isOn, !text.isEmpty, let code = code(role) else { return text }
    return "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }

  private func code(_ role: Role) -> String? {
    switch role {
    case .plain: nil
    case .heading: "1"
    case .faint: "2"
    case .best: "1;32"
    case .doubt: "33"
    case .failure: "31"
    case .alarm: "1;31"
    }
  }
}
