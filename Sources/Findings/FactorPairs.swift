import Model

/// Finds the variants of a session that differ in one factor, and their cells.
struct FactorPairs {
  /// Two variants with the cells of both.
  struct Found {
    let pair: VariantPair
    let cells: [CellPair]
  }

  private let cells: [MeasuredCell]
  private let variants: [Variant]
  private let names: PairNames
  private let origins: ProgramOrigins

  /// Prepares the cells of a session, in the order of its plan.
  init(_ cells: [MeasuredCell], artifacts: [ArtifactRecord]) {
    self.cells = cells
    var seen: Set<Variant> = []
    variants = cells.map(\.cell.variant).filter { $0.libc != .none && seen.insert($0).inserted }
    names = PairNames(cells.map(\.cell))
    origins = ProgramOrigins(artifacts)
  }

  /// The pairs in the order of the plan.
  func pairs(_ factor: VariantFactor) -> [Found] {
    variants.flatMap { baseline in
      variants.compactMap { candidate in
        guard differ(baseline, candidate, in: factor) else { return nil }
        return found(baseline, candidate, factor)
      }
    }
  }

  // MARK: - Which variants

  private func differ(_ one: Variant, _ other: Variant, in factor: VariantFactor) -> Bool {
    guard one != other, one.cgo == other.cgo, one.foreignArchitecture == other.foreignArchitecture else {
      return false
    }
    switch factor {
    case .libcWithAllocator:
      return one.libc == .glibc && other.libc == .musl && one.linkage == other.linkage
        && one.usesLibcAllocator && other.usesLibcAllocator
    case .libcAlone:
      return one.libc == .glibc && other.libc == .musl && one.linkage == other.linkage
        && one.allocator == other.allocator
    case .linkage:
      return one.libc == other.libc && one.allocator == other.allocator
        && base(of: .linkage, for: other) == one
    case .allocator:
      return one.libc == other.libc && one.allocator != other.allocator
        && base(of: .allocator, for: other) == one
    }
  }

  /// What a variant is compared with: the dynamic program, the libc's own allocator; where that was not measured, the
  /// first that was.
  private func base(of factor: VariantFactor, for variant: Variant) -> Variant? {
    let alike = variants.filter {
      $0.libc == variant.libc && $0.cgo == variant.cgo
        && $0.foreignArchitecture == variant.foreignArchitecture
    }
    if factor == .linkage {
      let same = alike.filter { $0.allocator == variant.allocator }
      return same.first { $0.linkage == .dynamic } ?? same.first
    }
    // The program that is preloaded into is the dynamic one with the libc's own allocator: the very same file.
    let own = alike.first {
      $0.usesLibcAllocator && ($0.linkage == .static) == (variant.linkage == .static)
    }
    return own ?? alike.first { $0.linkage == variant.linkage }
  }

  // MARK: - Their cells

  private func found(_ baseline: Variant, _ candidate: Variant, _ factor: VariantFactor) -> Found? {
    let (old, new) = (PairNames.written(baseline), PairNames.written(candidate))
    let partners = Dictionary(
      cells.filter { $0.cell.variant == baseline }.map { (Key($0.cell), $0) },
      uniquingKeysWith: { first, _ in first })
    let pairs = cells.filter { $0.cell.variant == candidate }.compactMap { cell in
      partners[Key(cell.cell)].map {
        CellPair(
          baseline: $0, candidate: cell, baselineName: old, candidateName: new,
          subject: names.place(of: cell.cell.subject), context: names.context(settings: cell.cell.settings),
          isPaired: true)
      }
    }
    guard !pairs.isEmpty else { return nil }
    let subjects = Set(pairs.map(\.candidate.cell.subject))
    let confounds = factor.confounds + origins.differences(baseline, candidate, workloads: subjects)
    let pair = VariantPair(
      baseline: baseline, candidate: candidate, baselineName: old, candidateName: new,
      workloads: subjects.count, confounds: confounds)
    return Found(pair: pair, cells: pairs)
  }

  /// What two cells of a pair have in common.
  private struct Key: Hashable {
    let subject: Subject
    let settings: String

    init(_ cell: Cell) {
      subject = cell.subject
      settings = cell.settings.name
    }
  }
}

extension VariantFactor {
  /// What always changes besides.
  fileprivate var confounds: [String] {
    switch self {
    case .libcWithAllocator: ["the libc's own allocator changes with the libc"]
    case .libcAlone, .linkage, .allocator: []
    }
  }
}
