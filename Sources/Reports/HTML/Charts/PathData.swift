/// The `d` of an SVG path on a grid of whole numbers, in few bytes: points relative to the one before.
///
/// `M0 4000l12-40 8 20m30 5l…`; the script reads it back to say what stands under the pointer.
struct PathData {
  private(set) var text = ""
  private var last: (x: Int, y: Int)?
  private var pending: (dx: Int, dy: Int)?
  private var isInLine = false

  /// A line to a point, or a new beginning there after a gap.
  mutating func add(x: Int, y: Int, afterGap: Bool = false) {
    guard let before = last else {
      text = "M\(x) \(y)"
      last = (x, y)
      return
    }
    let step = (dx: x - before.x, dy: y - before.y)
    last = (x, y)
    if afterGap {
      flush()
      write("m", step)
      isInLine = false
    } else if let level = pending, level.dy == 0, step.dy == 0 {
      // A stretch of equal values needs its ends only.
      pending = (level.dx + step.dx, 0)
    } else {
      flush()
      pending = step
    }
  }

  /// The path with its last point.
  func finished() -> String {
    var whole = self
    whole.flush()
    return whole.text
  }

  private mutating func flush() {
    guard let step = pending else { return }
    write(isInLine ? "" : "l", step)
    isInLine = true
    pending = nil
  }

  private mutating func write(_ command: String, _ step: (dx: Int, dy: Int)) {
    let first = command.isEmpty && step.dx >= 0 ? " \(step.dx)" : command + "\(step.dx)"
    text += first + (step.dy >= 0 ? " \(step.dy)" : "\(step.dy)")
  }
}
