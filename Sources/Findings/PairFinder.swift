import Model

/// Finds the cells of a session that are compared with each other.
struct PairFinder {
  private let cells: [MeasuredCell]
  private let names: PairNames

  /// Prepares the cells; names tell these apart and no others.
  init(_ cells: [MeasuredCell]) {
    self.cells = cells
    names = PairNames(cells.map(\.cell))
  }

  /// The cells of two arms with the same variant and settings.
  func arms(base: String, candidate: String) -> [CellPair] {
    cells.filter { $0.cell.subject.arm == candidate }.compactMap { cell in
      let partner = cells.first {
        $0.cell.subject.arm == base && $0.cell.variant == cell.cell.variant
          && $0.cell.settings.name == cell.cell.settings.name
      }
      return partner.map {
        CellPair(
          baseline: $0, candidate: cell, baselineName: base, candidateName: candidate, subject: "",
          context: names.context(variant: cell.cell.variant, settings: cell.cell.settings), isPaired: true)
      }
    }
  }

  /// Each cell of another variant with that of the reference; which settings it has, `RatioReference` says.
  func variants(reference: Variant) -> [CellPair] {
    let rule = RatioReference(cells: cells.map(\.cell), reference: reference)
    return cells.compactMap { cell in
      guard let partner = partner(of: cell.cell, reference, rule), partner.cell.variant != cell.cell.variant
      else { return nil }
      return CellPair(
        baseline: partner, candidate: cell, baselineName: names.name(of: partner),
        candidateName: names.name(of: cell), subject: names.place(of: cell.cell.subject),
        context: names.context(settings: cell.cell.settings), isPaired: true)
    }
  }

  /// A Go program that calls C is never built as the reference itself, but as its form for Go.
  private func partner(of cell: Cell, _ reference: Variant, _ rule: RatioReference) -> MeasuredCell? {
    let candidates = [reference, reference.forGo].lazy.flatMap { variant in
      rule.settings(for: cell).lazy.compactMap { settings in
        cells.first {
          $0.cell.subject == cell.subject && $0.cell.variant == variant && $0.cell.settings.name == settings
        }
      }
    }
    return candidates.first
  }

  /// Each cell with other settings than the reference with the same subject and variant.
  func settings(reference: String) -> [CellPair] {
    cells.filter { $0.cell.settings.name != reference }.compactMap { pair($0, withSettings: reference) }
  }

  /// Each cell with settings that only repeat others.
  func repeats(settings: String, of original: String) -> [CellPair] {
    cells.filter { $0.cell.settings.name == settings }.compactMap { pair($0, withSettings: original) }
  }

  private func pair(_ cell: MeasuredCell, withSettings settings: String) -> CellPair? {
    let partner = cells.first {
      $0.cell.subject == cell.cell.subject && $0.cell.variant == cell.cell.variant
        && $0.cell.settings.name == settings
    }
    return partner.map {
      CellPair(
        baseline: $0, candidate: cell, baselineName: settings, candidateName: cell.cell.settings.name,
        subject: names.place(of: cell.cell.subject),
        context: names.context(variant: cell.cell.variant), isPaired: true)
    }
  }

  /// Each cell with that of the same name in another session.
  func sessions(old: [MeasuredCell], oldName: String, newName: String) -> [CellPair] {
    let partners = Dictionary(old.map { ($0.cell.key, $0) }, uniquingKeysWith: { first, _ in first })
    return cells.compactMap { cell in
      partners[cell.cell.key].map {
        CellPair(
          baseline: $0, candidate: cell, baselineName: oldName, candidateName: newName,
          subject: names.place(of: cell.cell.subject),
          context: names.context(variant: cell.cell.variant, settings: cell.cell.settings),
          isPaired: false)
      }
    }
  }
}
