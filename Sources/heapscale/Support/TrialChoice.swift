import Findings
import Model
import Store

/// The trial that `show --curve` shows: what the user named, and what was filled in.
struct TrialChoice {
  let cell: Cell
  let trial: Trial
  /// What was filled in, in a sentence; nil when the user named all of it, or there was nothing to choose.
  let note: String?

  /// Finds a trial. `block` is as users count: 1 for the first measured one, -1 for a warm-up block; without it the
  /// trial whose peak is the median of its cell's, the one that pages draw.
  ///
  /// Throws: `InputError` with what there is.
  init(
    subject: String, variant: String?, settings: String?, block: Int?, in session: Session, _ store: Store
  ) throws {
    let place = "session \(session.id)"
    let cells = try store.cells(session: session.id)
    let choice = try CellChoice(
      subject: subject, variant: try variant.map { try Variant(parsing: $0) }, settings: settings,
      among: cells,
      reference: session.plan.reference, in: place)
    cell = choice.cell
    let blocks = try store.recordedTrials(session: session.id).filter { $0.cellKey == choice.cell.key }.map(
      \.block
    )
    .sorted()
    let name = "\(cell.subject.description) on \(cell.variant) with settings '\(cell.settings.name)'"
    guard !blocks.isEmpty else { throw InputError("\(place) has no trial of \(name) yet") }
    let known = "its blocks are \(blocks.map(TrialChoice.number).joined(separator: ", "))"
    let wanted: Int
    if let block {
      wanted = block > 0 ? block - 1 : block
      guard block != 0, blocks.contains(wanted) else {
        throw InputError("\(place) has no block \(block) of \(name)", hint: known)
      }
    } else {
      wanted = try TrialChoice.median(of: cell, in: session, store) ?? blocks[0]
    }
    guard let found = try store.trial(session: session.id, cellKey: cell.key, block: wanted) else {
      throw InputError("\(place) has no block \(TrialChoice.number(wanted)) of \(name)", hint: known)
    }
    trial = found
    var filled: [String] = []
    if choice.others > 0 {
      filled.append("\(cell.variant) with settings '\(cell.settings.name)', of \(choice.others + 1) cells")
    }
    if block == nil, blocks.count > 1 {
      filled.append("block \(TrialChoice.number(wanted)), whose peak is the median, of \(blocks.count)")
    }
    note =
      filled.isEmpty
      ? nil : "showing \(filled.joined(separator: "; ")); --variant, --settings and --block choose another"
  }

  private static func number(_ block: Int) -> String { "\(block < 0 ? block : block + 1)" }

  private static func median(of cell: Cell, in session: Session, _ store: Store) throws -> Int? {
    var analysis = SessionAnalysis(session: session, cells: [cell], definitions: Measurement.definitions)
    var cursor = try store.trialCursor(session: session.id)
    while let trial = try cursor.next() { analysis.add(trial) }
    return analysis.representativeBlock(cellKey: cell.key, orAny: true)
  }
}
