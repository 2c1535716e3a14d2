/// Which settings of the reference variant the ratios of a session refer to.
///
/// Decided in one place, because Findings works the ratios out and Reports says what they mean.
public enum RatioReference: Hashable, Sendable {
  /// The same settings as the cell's.
  case sameSettings
  /// The same settings, or none where the reference variant does not run with them.
  case sameSettingsOrDefault
  /// No settings: there is only one variant, so that with the same settings every ratio would be 1.
  case defaultSettings

  /// The rule for the cells of a session.
  public init(cells: [Cell], reference: Variant) {
    let sets = Set(cells.filter { $0.variant == reference }.map(\.settings.name))
    let names = Set(cells.map(\.settings.name))
    if names.count > 1, Set(cells.map { [$0.variant.description, $0.subject.arm ?? ""] }).count == 1 {
      self = .defaultSettings
    } else {
      self = names.isSubset(of: sets) ? .sameSettings : .sameSettingsOrDefault
    }
  }

  /// The names of the settings that a cell's reference may have, the preferred first.
  public func settings(for cell: Cell) -> [String] {
    switch self {
    case .sameSettings: [cell.settings.name]
    case .sameSettingsOrDefault: [cell.settings.name, SettingsSet.none.name]
    case .defaultSettings: [SettingsSet.none.name]
    }
  }
}
