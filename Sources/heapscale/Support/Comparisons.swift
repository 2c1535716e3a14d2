import Findings
import Model

/// The comparisons that a session is for: its arms, its variants against the reference, its settings against none.
enum Comparisons {
  /// Those that have something to compare, arms first.
  static func all(
    of plan: Plan, _ measured: Measurements, thresholds: Thresholds = .standard
  ) -> [ComparisonResult] {
    var results: [ComparisonResult] = []
    let arms = plan.subjects.compactMap(\.arm)
    let compared = arms.filter { $0 != again }
    if let base = compared.first {
      for arm in compared.dropFirst() {
        let second = arms.contains(again) ? again : nil
        if let result = try? Comparing.arms(
          measured, base: base, candidate: arm, again: second, thresholds: thresholds)
        {
          results.append(result)
        }
      }
    }
    var measured = measured
    measured.cells.removeAll { $0.cell.subject.arm == again }
    let second = plan.settings.contains { $0.name == again && $0.environment.isEmpty } ? again : nil
    if plan.variants.count > 1,
      let result = try? Comparing.variants(
        measured, reference: plan.reference, again: second, thresholds: thresholds)
    {
      results.append(result)
    }
    if plan.settings.contains(where: { !$0.environment.isEmpty }),
      let result = try? Comparing.settings(measured, again: second, thresholds: thresholds)
    {
      results.append(result)
    }
    return results
  }

  /// The name of the second measurement of the baseline (A/A): an arm of commands, settings of workloads.
  static let again = "again"

  /// Adds a second measurement of the reference variant without settings to a plan.
  ///
  /// Throws: `InputError` when settings of the user's have its name.
  static func addAgain(to plan: inout Plan) throws(InputError) {
    guard !plan.settings.contains(where: { $0.name == again }) else {
      throw InputError(
        "--aa calls its second measurement '\(again)'", hint: "give your settings another name")
    }
    let targets = plan.variants.count > 1 ? [plan.reference.description] : []
    plan.settings.append(SettingsSet(name: again, environment: [], targets: targets))
  }
}
