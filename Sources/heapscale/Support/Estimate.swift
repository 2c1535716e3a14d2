import Model
import Store

/// How long a run will take: from trials of the same cells that are stored, else from a rule of thumb.
struct Estimate {
  private var seconds = 0.0
  private var known = 0
  private var cells = 0

  /// A trial of which nothing is known is taken for so many seconds.
  private static let unknownTrial = 1.5

  init(cells: [Cell], blocks: Int, store: Store?) {
    self.cells = cells.count
    for cell in cells {
      if let typical = try? store?.typicalSeconds(cellKey: cell.key) {
        seconds += typical * Double(blocks)
        known += 1
      } else {
        seconds += Estimate.unknownTrial * Double(blocks)
      }
    }
  }

  var text: String {
    let basis =
      known == cells
      ? "from stored trials of the same cells"
      : known == 0
        ? "a guess: nothing of this was measured before" : "\(known) of \(cells) cells were measured before"
    return "about \(DurationText.text(seconds)) (\(basis))"
  }
}
