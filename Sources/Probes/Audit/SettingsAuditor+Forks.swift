import Model

/// Settings that are in force when a program begins, and not in what it forks.
extension SettingsAuditor {
  /// Runs the program to its end with the set, where a setting in force does not survive a fork, and says so when it
  /// went on in a fork.
  func afterForks(
    _ entries: [SettingAudit], _ settings: [AuditedSetting], _ environment: [EnvironmentAssignment]
  ) throws(ProbeError) -> [SettingAudit] {
    let concerned = settings.indices.filter {
      entries[$0].verdict == .accepted && settings[$0].isKnown && settings[$0].spec?.afterFork != nil
    }
    guard !concerned.isEmpty, case .library(_, let image) = runner.program.way else { return entries }
    let requests = concerned.compactMap { settings[$0].spec?.afterFork?.description }
    let images = try runner.images(with: environment, inForks: requests)
    var result = entries
    for index in concerned {
      guard let request = settings[index].spec?.afterFork?.description else { continue }
      // Without an image of its own the process went on as the program that is audited.
      let values = images.forked.filter { image == nil || $0.path == image }.compactMap {
        images.answersInForks[$0.pid]?[request]
      }
      guard let lost = values.first(where: { $0 != entries[index].readback }) else { continue }
      let processes = values.count == 1 ? "the process" : "\(values.count) processes"
      result[index].verdict = .acceptedNoEffect
      result[index].outcome = "accepted at start, without effect after the fork"
      result[index].evidence =
        "the command forks and goes on: in \(processes) that it forked it is \(lost); at its start "
        + entries[index].evidence
    }
    return result
  }
}
