import Model
import OrderedCollections

/// The proof of what ran: one line for each variant, more only where its cells differ.
struct IdentityNotes {
  /// Cells of one variant that tell the same.
  private struct Key: Hashable {
    let variant: Variant
    let name: String
    let allocator: AllocatorID?
    let isVerified: Bool
  }

  private let byKey: OrderedDictionary<Key, [CellResult]>

  /// Sorts cells by what is known of them.
  init(_ cells: [CellResult]) {
    byKey = OrderedDictionary(grouping: cells.filter { $0.leftOut == nil }) {
      Key(
        variant: $0.cell.variant, name: $0.variantName, allocator: $0.identity.allocator,
        isVerified: $0.identity.verified)
    }
  }

  /// The lines.
  var notes: [NoteSection.Note] { byKey.map { note($0.key, $0.value) } }

  private func note(_ key: Key, _ cells: [CellResult]) -> NoteSection.Note {
    let isSplit = byKey.keys.contains { $0.variant == key.variant && $0 != key }
    let subjects = OrderedSet(cells.map { $0.cell.subject.arm ?? $0.cell.subject.workload })
    let place = isSplit ? " on " + subjects.joined(separator: ", ") : ""
    let evidence = OrderedSet(cells.map(\.identity.evidence).filter { !$0.isEmpty })
    return NoteSection.Note(
      lead: key.name + (key.isVerified || cells.allSatisfy(\.cell.isAsItIs) ? "" : " ?") + place,
      text: IdentityNotes.finding(key.allocator, isVerified: key.isVerified) + (evidence.isEmpty ? "" : ":")
        + (evidence.count > 1 ? " for example" : ""),
      verbatim: evidence.first ?? [])
  }

  private static func finding(_ allocator: AllocatorID?, isVerified: Bool) -> String {
    switch (allocator, isVerified) {
    case (let allocator?, true): "\(allocator), proved"
    case (let allocator?, false): "not verified, \(allocator) as far as was seen"
    case (nil, true): "proved"
    case (nil, false): "not verified"
    }
  }
}
