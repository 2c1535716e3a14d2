/// A part of a session's page: one file under `Sections/` and one line in `SessionPage.sections`.
protocol PageSection: Sendable {
  /// The part; nil where the session has nothing to show in it.
  func section(_ view: SessionView) -> Page.Section?
}
