/// What a machine and the files measured on it were, as far as figures depend on it.
public struct Fingerprint: Hashable, Codable, Sendable {
  /// Facts about the host by name (`HostFact`).
  public var facts: [String: String]
  /// Beginnings of the SHA-256 of the allocators' and the libc's files, by file name.
  public var files: [String: String]

  /// What resident memory depends on, besides the program.
  private static let memoryFacts = ["architecture", "kernel", "page_bytes", "thp", "libc"]
  /// What times depend on in addition.
  private static let timeFacts = ["cpu_model", "cores", "memory_bytes", "governor", "heapscale"]

  /// States a fingerprint.
  public init(facts: [String: String], files: [String: String]) {
    self.facts = facts
    self.files = files
  }

  /// The fingerprint of a session.
  public init(of session: Session) {
    self.init(host: session.host, version: session.version, artifacts: session.artifacts)
  }

  /// The fingerprint of a session of which only these parts are at hand.
  public init(host: [HostFact], version: String, artifacts: [ArtifactRecord]) {
    facts = ["heapscale": version]
    for fact in host where (Self.memoryFacts + Self.timeFacts).contains(fact.name) {
      facts[fact.name] = fact.value
    }
    files = [:]
    for file in artifacts where file.kind == "allocator" {
      files[file.path.split(separator: "/").last.map(String.init) ?? file.path] = String(
        file.sha256.prefix(16))
    }
  }

  /// A short word for the class of machine, for names of files: architecture, CPU and cores.
  public var machineClass: String {
    let words = "\(facts["architecture"] ?? "") \(facts["cpu_model"] ?? "unknown") \(facts["cores"] ?? "")c"
    let safe = words.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return String(safe).split(separator: "-", omittingEmptySubsequences: true).joined(separator: "-")
  }

  /// Facts by which machines are told apart in a trend; what else changes is told beside the figures.
  public static let classFacts = ["architecture", "cpu_model", "cores", "page_bytes", "thp"]

  /// What is different from an earlier fingerprint besides the class of machine, a phrase each.
  public func changes(since earlier: Fingerprint) -> [String] {
    let names = Set(facts.keys).union(earlier.facts.keys).subtracting(Self.classFacts).sorted()
    let words = names.compactMap { name -> String? in
      let (old, new) = (earlier.facts[name] ?? "unknown", facts[name] ?? "unknown")
      return old == new ? nil : "\(name) \(old) → \(new)"
    }
    let changed = files.filter { name, hash in earlier.files[name].map { $0 != hash } ?? false }.keys
    return words + changed.sorted().map { "another build of \($0)" }
  }

  /// Why figures of a kind may not be compared with those of a baseline, a sentence each; empty when they may.
  ///
  /// Counts always may. Resident memory wants the same kernel, page size, mode of transparent huge pages and C library;
  /// times want the same machine, version and files as well.
  public func obstacles(to kind: FigureKind, against baseline: Fingerprint) -> [String] {
    switch kind {
    case .count: return []
    case .memory: return differences(Self.memoryFacts, from: baseline)
    case .time:
      let changed = files.filter { name, hash in baseline.files[name].map { $0 != hash } ?? false }.keys
      return differences(Self.memoryFacts + Self.timeFacts, from: baseline)
        + changed.sorted().map { "\($0) is another build than in the baseline" }
    }
  }

  private func differences(_ names: [String], from other: Fingerprint) -> [String] {
    names.compactMap { name in
      let (mine, theirs) = (facts[name] ?? "unknown", other.facts[name] ?? "unknown")
      return mine == theirs ? nil : "\(name) is '\(mine)' here and '\(theirs)' in the baseline"
    }
  }
}

/// What kind of figure a metric gives, by which it may be compared across machines.
public enum FigureKind: Sendable {
  /// Depends on nothing but the program: operations, faults, simulated instructions.
  case count
  /// Depends on the kernel and the C library.
  case memory
  /// Depends on the machine.
  case time

  /// The kind of a metric, by its unit.
  public init(_ metric: MetricDefinition) {
    switch metric.unit {
    case .count: self = .count
    case .bytes, .ratio: self = .memory
    case .seconds, .nanoseconds, .perSecond: self = .time
    }
  }
}

/// Figures that a team keeps, to compare later ones with: small, sorted, with all raw values.
public struct Baseline: Hashable, Codable, Sendable {
  /// The version of the format.
  public static let currentSchema = "heapscale-baseline/1"

  /// The format.
  public var schema: String
  /// The session it was made from.
  public var session: String
  /// When that began, in seconds since 1970.
  public var startedAt: Double
  /// What was measured, in a line.
  public var title: String
  /// Where.
  public var fingerprint: Fingerprint
  /// What the metrics are.
  public var definitions: [MetricDefinition]
  /// The values.
  public var cells: [MeasuredCell]

  /// Makes a baseline of a session's measurements.
  public init(session: Session, measurements: Measurements) {
    schema = Baseline.currentSchema
    self.session = session.id
    startedAt = session.startedAt
    title = session.plan.title
    fingerprint = Fingerprint(of: session)
    definitions = measurements.definitions
    cells = measurements.cells
  }

  /// Its values, for comparing.
  public var measurements: Measurements { Measurements(cells: cells, definitions: definitions) }
}
