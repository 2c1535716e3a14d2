/// Finds one cell of a session by what a user names of it, and fills in the rest.
public struct CellChoice: Sendable {
  /// The cell.
  public let cell: Cell
  /// How many other cells fit what was named as well.
  public let others: Int

  /// Finds a cell. Of several that fit, the reference variant comes first, then no settings, then the plan's order.
  ///
  /// `subject` is an arm, a workload, or a workload with parameters as tables show it (`larson threads=4`).
  /// Throws: `InputError` with the names there are when nothing fits.
  public init(
    subject: String, variant: Variant? = nil, settings: String? = nil, among cells: [Cell],
    reference: Variant,
    in place: String
  ) throws(InputError) {
    let named = try CellChoice.cells(of: subject, among: cells, in: place)
    let ofVariant = named.filter { cell in variant.map { cell.variant == $0 } ?? true }
    guard !ofVariant.isEmpty else {
      throw InputError.unknown(
        "variant", variant?.description ?? "", among: CellChoice.unique(named.map(\.variant.description)),
        in: "\(subject) in \(place)")
    }
    let fitting = ofVariant.filter { cell in settings.map { cell.settings.name == $0 } ?? true }
    let preferred =
      fitting.first { $0.variant == reference && $0.settings.name == SettingsSet.none.name }
      ?? fitting.first { $0.variant == reference } ?? fitting.first {
        $0.settings.name == SettingsSet.none.name
      }
      ?? fitting.first
    guard let preferred else {
      let context = variant.map { "\(subject) on \($0) in \(place)" } ?? "\(subject) in \(place)"
      throw InputError.unknown(
        "settings", settings ?? "", among: CellChoice.unique(ofVariant.map(\.settings.name)), in: context)
    }
    cell = preferred
    others = fitting.count - 1
  }

  private static func cells(of name: String, among cells: [Cell], in place: String) throws(InputError)
    -> [Cell]
  {
    let names = SubjectNames(cells.map(\.subject))
    let exact = cells.filter { names.name(of: $0.subject) == name || $0.subject.description == name }
    if !exact.isEmpty { return exact }
    let ofWorkload = cells.filter { ($0.subject.arm ?? $0.subject.workload) == name }
    guard ofWorkload.isEmpty else { return ofWorkload }
    throw InputError.unknown(
      "workload", name, among: unique(cells.map { names.name(of: $0.subject) }), in: place)
  }

  private static func unique(_ names: [String]) -> [String] { Array(Set(names)).sorted() }
}
