import Model

/// Every trial in a table that a script fills, sorts and pages through.
struct TrialSection: PageSection {
  func section(_ view: SessionView) -> Page.Section? {
    let count = view.contents.trials.count
    guard count > 0 else { return nil }
    return Page.Section(
      id: "trials", title: "Every trial",
      intro:
        "What each of the \(count) measured trials gave, in the order of the plan. Choose a column to sort by it; type "
        + "a part of a name to see only those.",
      body: """
        <noscript><p class="note">This table needs its script. Without it: <code>heapscale export \(view.session.id) \
        --format values-csv</code> writes every value.</p></noscript>
        <p class="tools" id="trial-tools" hidden><label for="trial-filter">Show</label> \
        <input id="trial-filter" type="search" placeholder="workload, variant or outcome">
        <button type="button" id="trial-back" aria-label="Earlier trials">←</button><span id="trial-place"></span>\
        <button type="button" id="trial-on" aria-label="Later trials">→</button></p>
        <div class="box" role="region" aria-label="every trial" tabindex="0"><table id="trial-table"></table></div>
        """)
  }
}
