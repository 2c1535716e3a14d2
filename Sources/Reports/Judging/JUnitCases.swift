import Model

/// The test cases of a JUnit file.
struct JUnitCases {
  private let judgements: [Judgement]
  private let gaps: [String]
  private let suite: String
  /// Whether a case has to say what it is compared with to be told from others.
  private let namesBaseline: Bool
  private let subjects: SubjectNames

  /// Prepares judgements, and what was not compared; `suite` begins the class name of each.
  init(_ judgements: [Judgement], gaps: [String] = [], suite: String) {
    self.judgements = judgements
    self.gaps = gaps
    self.suite = suite
    namesBaseline = Set(judgements.map(\.baseline.name)).count > 1
    subjects = SubjectNames(judgements.map(\.candidate.cell.subject))
  }

  /// How many fail: regressions that gate, and what gates and was not compared.
  var failures: Int { judgements.filter { VerdictGroup($0) == .regression }.count + gaps.count }

  /// How many are skipped: the inconclusive ones.
  var skipped: Int { judgements.filter { $0.verdict == .inconclusive }.count }

  /// The candidates' wall time over all trials; nil where it is not known of any.
  var seconds: Double? {
    let known = judgements.compactMap(seconds)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// Seconds with three decimals.
  static func time(_ seconds: Double) -> String {
    let milliseconds = Int(min(max(seconds, 0), 1e12) * 1000)
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }

  /// The elements.
  var lines: [String] { judgements.flatMap(lines) + gaps.flatMap(lines(ofGap:)) }

  private func lines(ofGap gap: String) -> [String] {
    let start = XMLText.tag(
      "testcase", [("classname", JUnitCases.package(suite)), ("name", "compared: \(gap)")])
    let failure = XMLText.element(
      "failure", [("type", "not-compared"), ("message", "not compared: \(gap)")], lines: [gap],
      indent: "      ")
    return ["    \(start)>", failure, "    </testcase>"]
  }

  private func lines(_ judgement: Judgement) -> [String] {
    let text = JudgementText(judgement: judgement)
    let cell = judgement.candidate.cell
    let against = namesBaseline ? " against \(judgement.baseline.name)" : ""
    let start = XMLText.tag(
      "testcase",
      [
        (
          "classname",
          [suite, subjects.name(of: cell.subject)].map(JUnitCases.package).joined(separator: ".")
        ),
        (
          "name",
          "\(cell.variant.shortName) \(cell.settings.name) \(judgement.definition.id.rawValue)\(against)"
        ), ("time", seconds(judgement).map(JUnitCases.time)),
      ])
    return ["    \(start)>"] + result(text) + ["    </testcase>"]
  }

  /// A part of a class name: readers take what stands before the last dot for a package.
  private static func package(_ name: String) -> String { name.replacing(".", with: "_") }

  /// A failure, a skip, or nothing; and always the figures.
  private func result(_ text: JudgementText) -> [String] {
    let judgement = text.judgement
    let lines = ["\(text.pair): \(text.line)"] + text.notes
    let indent = "      "
    switch VerdictGroup(judgement) {
    case .regression:
      let message = "\(text.change) > \(text.tolerated)"
      return [
        XMLText.element(
          "failure", [("type", "regression"), ("message", message)], lines: lines, indent: indent)
      ]
    case .inconclusive:
      let message = (["inconclusive: \(text.change)"] + text.remarks).joined(separator: "; ")
      return [
        indent + XMLText.tag("skipped", [("message", message)]) + "/>",
        XMLText.element("system-out", lines: lines, indent: indent),
      ]
    case .informing:
      let head = "regression that only informs: " + lines[0]
      return [XMLText.element("system-out", lines: [head] + lines.dropFirst(), indent: indent)]
    case .improvement, .same:
      let head = "\(judgement.verdict.rawValue): " + lines[0]
      return [XMLText.element("system-out", lines: [head] + lines.dropFirst(), indent: indent)]
    }
  }

  /// An equal share of the candidate's wall time.
  private func seconds(_ judgement: Judgement) -> Double? {
    let alike = judgements.filter {
      $0.candidate.cell == judgement.candidate.cell && $0.baseline.cell == judgement.baseline.cell
        && $0.candidate.name == judgement.candidate.name
    }
    guard let wall = alike.first(where: { $0.definition.id == "wall" })?.candidate, wall.median.isFinite
    else {
      return nil
    }
    return wall.median * Double(wall.count) / Double(alike.count)
  }
}
