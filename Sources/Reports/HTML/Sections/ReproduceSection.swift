import Model

/// The command and the plan that made the session.
struct ReproduceSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let session = view.session
    let plan = PlanYAML.text(session.plan)
    let yaml: Markup? = plan.map { text in
      """
      <h3>As a plan</h3><p class="note">Saved as plan.yaml, <code>heapscale run plan.yaml</code> measures the same cells in the \
      same order.</p><pre tabindex="0">\(lines(text))</pre>
      """
    }
    return Page.Section(
      id: "reproduce", title: "How to reproduce",
      intro: "heapscale \(session.version) ran this command; the seed of the order was \(session.plan.seed).",
      body: """
        <pre tabindex="0">\(ShellText.line(session.commandLine))</pre>
        <p class="note">The stored session again: <code>heapscale report \(session.id)</code>. For programs: <code>heapscale \
        export \(session.id)</code>.</p>\(yaml ?? Markup())
        """)
  }

  /// Lines of ours stay lines; what is hidden within them becomes visible.
  private func lines(_ text: String) -> Markup {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(String($0))" as Markup }.joined(
      "\n")
  }
}
