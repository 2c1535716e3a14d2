import Dispatch
import Experiments
import Foundation
import Glibc
import Model
import Probes
import Reports
import Synchronization

/// What shows how a run goes.
protocol RunDisplay {
  /// Takes an event in, on the thread that measures.
  func show(_ event: RunEvent)
  /// Leaves a clean line for what follows.
  func finish()
}

/// Draws the running cell with its curve again and again, in place, on standard error.
///
/// It looks at what was measured ten times a second at most, on a queue of its own. Its cursor is hidden meanwhile;
/// `finish` clears the view and shows it again, whatever ended the run: signals end it in order (`InterruptSignal`).
final class LiveDisplay: RunDisplay {
  private static let period = DispatchTimeInterval.milliseconds(100)

  private let drawing: LiveDrawing
  private let timer: any DispatchSourceTimer

  /// What the display looks at; nil, with the reason on standard error, where it cannot draw.
  static func tap(isWanted: Bool, isQuiet: Bool, environment: [String: String]) -> CurveTap? {
    guard isWanted, !isQuiet else { return nil }
    if Terminal.errorIsTerminal, environment["TERM"] != "dumb" { return CurveTap() }
    Terminal.note("heapscale: --live draws on a terminal, and standard error is none: plain progress instead")
    return nil
  }

  /// Begins to draw.
  init(title: String, blocks: Int, tap: CurveTap) {
    let drawing = LiveDrawing(state: LiveState(title: title, blocks: blocks), tap: tap)
    self.drawing = drawing
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "heapscale.live-display"))
    timer.schedule(
      deadline: .now() + LiveDisplay.period, repeating: LiveDisplay.period, leeway: .milliseconds(20))
    timer.setEventHandler { drawing.draw() }
    timer.activate()
  }

  func show(_ event: RunEvent) { drawing.take(event) }

  func finish() {
    timer.cancel()
    drawing.close()
  }
}

/// What the thread that measures and the one that draws share.
private final class LiveDrawing: Sendable {
  private struct Progress {
    var state: LiveState
    var began = Date()
  }

  private let tap: CurveTap
  private let progress: Mutex<Progress>
  private let frame = Mutex(TerminalFrame())

  init(state: LiveState, tap: CurveTap) {
    self.tap = tap
    progress = Mutex(Progress(state: state))
  }

  func take(_ event: RunEvent) {
    if case .started = event { tap.reset() }
    progress.withLock { progress in
      if case .began = event { progress.began = Date() }
      progress.state.take(event)
    }
    guard case .ended(let trial, let cell) = event, trial.outcome != .ok else { return }
    let line = ProgressDisplay.complaint(trial, cell)
    frame.withLock { $0.say(line) }
  }

  func draw() {
    var (state, began) = progress.withLock { ($0.state, $0.began) }
    state.curve = tap.snapshot
    // A few trials must have told how long one takes.
    if state.done >= 3, state.total > state.done {
      let each = Date().timeIntervalSince(began) / Double(state.done)
      state.left = DurationText.text(each * Double(state.total - state.done))
    }
    let size = TerminalFrame.size
    let lines = LiveView.lines(state, width: size.columns, height: size.rows)
    frame.withLock { $0.draw(lines, columns: size.columns) }
  }

  func close() { frame.withLock { $0.close() } }
}

extension LiveState {
  fileprivate mutating func take(_ event: RunEvent) {
    switch event {
    case .began(let remaining, _): total = remaining
    case .started(let cell, let block):
      self.cell = cell
      self.block = block
    case .ended(let trial, let cell):
      done += 1
      failures += trial.outcome == .ok ? 0 : 1
      results = results.suffix(LiveView.mostResults - 1) + [LiveState.Result(trial, of: cell)]
    }
  }
}

/// Lines on a terminal that are drawn again in place.
struct TerminalFrame {
  private var drawn = 0
  private var columns = 0
  private var isClosed = false

  /// Draws lines over those before, all in one write, so that nothing flickers.
  mutating func draw(_ lines: [String], columns: Int) {
    guard !isClosed else { return }
    // In a terminal that has become narrower the old lines are broken: a new frame begins below them.
    if columns < self.columns { drawn = 0 }
    self.columns = columns
    let body = lines.map { $0 + "\u{1B}[K\n" }.joined()
    write("\u{1B}[?25l" + back + body + "\u{1B}[J")
    drawn = lines.count
  }

  /// Puts a line above the frame, which is drawn again below it.
  mutating func say(_ line: String) {
    write(back + "\u{1B}[J" + line + "\n")
    drawn = 0
  }

  /// Clears the frame and shows the cursor again; nothing is drawn afterwards.
  mutating func close() {
    guard !isClosed else { return }
    isClosed = true
    write(back + "\u{1B}[J\u{1B}[?25h")
  }

  /// Columns and rows of the terminal on standard error at this moment.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private var back: String { drawn > 0 ? "\r\u{1B}[\(drawn)A" : "\r" }

  private func write(_ text: String) { Terminal.draw(text) }
}
