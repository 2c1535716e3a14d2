import Model

/// Short names of the cells of a comparison that still tell them apart.
struct PairNames {
  private let subjects: SubjectNames
  private let hasArms: Bool
  private let variants: Set<Variant>
  private let settings: Set<String>

  /// Prepares the cells that occur together.
  init(_ cells: [Cell]) {
    subjects = SubjectNames(cells.map(\.subject))
    hasArms = Set(cells.compactMap(\.subject.arm)).count > 1
    variants = Set(cells.map(\.variant))
    settings = Set(cells.map(\.settings.name))
  }

  /// A command as it is by what served malloc in it, where that is not its C library's own.
  func name(of cell: MeasuredCell) -> String {
    let isPlain = cell.isProven && cell.allocator == nil || cell.readings.isEmpty || !cell.cell.isAsItIs
    return isPlain
      ? name(of: cell.cell.variant)
      : cell.cell.nameAsItIs(servedBy: cell.allocator) ?? name(of: cell.cell.variant)
  }

  /// The allocator where that says it all, else the written form.
  func name(of variant: Variant) -> String {
    if Set(variants.map(\.allocator)).count == variants.count { return variant.allocator.rawValue }
    return PairNames.written(variant)
  }

  /// The written form without what goes without saying, a libc's own allocator: `glibc/static`.
  static func written(_ variant: Variant) -> String {
    guard variant.usesLibcAllocator, !variant.isGo, variant.foreignArchitecture == nil else {
      return variant.description
    }
    return "\(variant.libc.rawValue)/\(variant.linkage.rawValue)"
  }

  /// `on larson threads=4`; nothing for a command, unless there are several.
  func place(of subject: Subject) -> String {
    guard subject.arm != nil else { return "on \(subjects.name(of: subject))" }
    return hasArms ? "in \(subjects.name(of: subject))" : ""
  }

  /// `with jemalloc`; nothing where all cells have the same.
  func context(variant: Variant) -> String { variants.count > 1 ? "with \(name(of: variant))" : "" }

  /// `with tight`; nothing where all cells have the same.
  func context(settings set: SettingsSet) -> String { settings.count > 1 ? "with \(set.name)" : "" }

  /// `with jemalloc and tight`.
  func context(variant: Variant, settings set: SettingsSet) -> String {
    let parts = [variants.count > 1 ? name(of: variant) : nil, settings.count > 1 ? set.name : nil]
    let names = parts.compactMap(\.self).joined(separator: " and ")
    return names.isEmpty ? "" : "with \(names)"
  }
}
