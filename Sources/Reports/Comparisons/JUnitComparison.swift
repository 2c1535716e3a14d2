import Model

/// JUnit XML, which CI systems show as tests: each compared metric is one.
struct JUnitComparison: ComparisonFormat {
  let id = "junit"
  let fileExtension = "xml"
  let summary = "JUnit XML for CI: gated regressions fail, inconclusive ones are skipped"

  /// Writes `testsuites > testsuite > testcase`, one case a judgement.
  ///
  /// A regression that gates is a failure, and so is what gates and was not compared (`gaps`); one that informs never is,
  /// and what is inconclusive is skipped. The names are stable over runs, so that CI can follow a case. A case's `time` is
  /// the candidate's wall time over all its trials, shared equally among its metrics; it is left out where wall time was
  /// not compared.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that was not compared.
  func render(_ result: ComparisonResult, session: Session?, options: ComparisonOptions)
    throws(ReportError) -> String
  {
    let judgements = try JudgementChoice.all(of: result, options: options)
    let cases = JUnitCases(judgements, gaps: result.gaps, suite: session?.plan.title ?? result.title)
    let seconds = options.elapsed ?? cases.seconds
    let counts: [(name: String, value: String?)] = [
      ("tests", "\(judgements.count + result.gaps.count)"), ("failures", "\(cases.failures)"),
      ("errors", "0"),
      ("skipped", "\(cases.skipped)"), ("time", seconds.map(JUnitCases.time)),
    ]
    let suite: [(name: String, value: String?)] =
      [("name", result.title)] + counts
      + [("timestamp", session.map { JUnitComparison.timestamp($0) })]
    let notes = result.sentences + result.warnings + result.noise
    let lines =
      [
        #"<?xml version="1.0" encoding="UTF-8"?>"#,
        XMLText.tag("testsuites", [("name", "heapscale")] + counts) + ">",
      ]
      + ["  " + XMLText.tag("testsuite", suite) + ">"] + JUnitComparison.properties(result, session)
      + cases.lines
      + (notes.isEmpty ? [] : [XMLText.element("system-out", lines: notes, indent: "    ")])
      + ["  </testsuite>", "</testsuites>"]
    return lines.map { $0.replacing("\u{A0}", with: " ") }.joined(separator: "\n") + "\n"
  }

  /// ISO 8601 without time zone, as the schema of Ant's reports wants it; it is UTC.
  private static func timestamp(_ session: Session) -> String {
    String(Timestamp.iso8601(session.startedAt).prefix(19))
  }

  /// What one must know to trust the figures.
  private static func properties(_ result: ComparisonResult, _ session: Session?) -> [String] {
    let facts = session.map { session in
      [("session", session.id), ("heapscale", session.version), ("seed", "\(session.plan.seed)")]
        + session.host.map { ("host.\($0.name)", $0.value) }
    }
    let all = [("baseline", result.baseline), ("candidate", result.candidate)] + (facts ?? [])
    return ["    <properties>"]
      + all.map { "      " + XMLText.tag("property", [("name", $0), ("value", $1)]) + "/>" }
      + ["    </properties>"]
  }
}
