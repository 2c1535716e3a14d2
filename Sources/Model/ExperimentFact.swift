/// Something that the figures of a session depend on, as it was when the session began.
///
/// A session is one experiment: `run --resume` goes on only where all of them are as they were.
public struct ExperimentFact: Hashable, Codable, Sendable {
  /// What it is.
  public enum Kind: String, Codable, Sendable {
    /// A file that was given: a program, a library, a script, an argument that names a file. Its value is a digest.
    case file
    /// A program or library that was seen mapped in a trial. Its value is a digest.
    case mapped
    /// A variable of the environment that commands get. Its value is a digest, for the environment may hold secrets.
    case variable
    /// A fact of the machine.
    case machine
    /// What measures: heapscale's version and its launcher.
    case harness
  }

  /// What it is.
  public let kind: Kind
  /// Which one: a role, path, variable or fact.
  public let name: String
  /// What it was.
  public let value: String

  /// States a fact.
  public init(kind: Kind, name: String, value: String) {
    self.kind = kind
    self.name = name
    self.value = value
  }

  /// What is not any more as it was, a phrase each, in the order of the facts.
  public static func differences(from before: [ExperimentFact], to now: [ExperimentFact]) -> [String] {
    struct Key: Hashable {
      var kind: Kind
      var name: String
    }
    func table(_ facts: [ExperimentFact]) -> [Key: ExperimentFact] {
      Dictionary(
        facts.map { (Key(kind: $0.kind, name: $0.name), $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (old, new) = (table(before), table(now))
    let changed = before.compactMap { fact -> String? in
      guard let present = new[Key(kind: fact.kind, name: fact.name)] else { return fact.phrase("is gone") }
      return present.value == fact.value ? nil : fact.changed(to: present.value)
    }
    let added = now.filter { old[Key(kind: $0.kind, name: $0.name)] == nil }.map { $0.phrase("is new") }
    return changed + added
  }

  private func phrase(_ what: String) -> String {
    switch kind {
    case .variable: "the variable \(name) \(what)"
    case .file, .mapped, .machine, .harness: "\(name) \(what)"
    }
  }

  private func changed(to present: String) -> String {
    switch kind {
    case .file, .mapped, .variable: phrase("has changed")
    case .machine, .harness: "\(name) was \(value) and is \(present)"
    }
  }
}
