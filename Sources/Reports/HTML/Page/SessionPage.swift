import Model

/// The page of one session: verdict first, then what it rests on.
public enum SessionPage {
  /// The parts in the order of reading. A part is one file under `Sections/` and one line here.
  static let sections: [any PageSection] = [
    VerdictSection(),
    MatrixSection(),
    EffectSection(),
    CurveSection(),
    MemorySection(),
    ParetoSection(),
    LatencySection(),
    EventSection(),
    AuditSection(),
    ProcessSection(),
    IdentitySection(),
    HostSection(),
    TrialSection(),
    ReproduceSection(),
  ]

  /// Writes the page: one file that needs no network and no other file.
  ///
  /// `options.metrics` are the metrics that the page shows first. No foreign text on it can act.
  /// Throws: `ReportError.unknownMetric` for a chosen metric that the session does not have.
  public static func render(_ contents: PageContents, options: ReportOptions) throws(ReportError) -> String {
    let view = try SessionView(contents, options: options)
    let session = view.session
    return try Page(
      kind: "heapscale report", title: session.plan.title, facts: PageFacts(view: view).items,
      sections: sections.compactMap { $0.section(view) }, data: [("trial-data", TrialData(view: view).json)],
      footer:
        "Written by heapscale \(session.version) from session \(session.id). All times are in UTC. \(HoldingText.text(session))"
    ).text()
  }
}
