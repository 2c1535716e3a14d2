import Experiments
import Foundation
import Model

/// Shows how a run goes: one line that is drawn again on a terminal, a plain line a block elsewhere. Writes to
/// standard error, so that standard output holds the result alone.
final class ProgressDisplay: RunDisplay {
  enum Style {
    case bar(width: Int)
    case lines
    case quiet
  }

  private let style: Style
  private let cells: Int
  private let blocks: Int
  private var total = 0
  private var done = 0
  private var failures = 0
  private var block: Int?
  private var began = Date()
  private var drawn = Date.distantPast

  init(style: Style, cells: Int, blocks: Int) {
    self.style = style
    self.cells = cells
    self.blocks = blocks
  }

  /// Takes an event in and shows it.
  func show(_ event: RunEvent) {
    switch event {
    case .began(let remaining, let recorded):
      total = remaining
      began = Date()
      if case .lines = style {
        Terminal.note(
          "measuring: \(remaining) trials" + (recorded > 0 ? ", \(recorded) are there already" : ""))
      }
    case .started(let cell, let number):
      announce(block: number)
      draw(cell: cell, force: false)
    case .ended(let trial, let cell):
      done += 1
      if trial.outcome != .ok {
        failures += 1
        complain(trial, cell)
      }
      draw(cell: cell, force: done == total)
    }
  }

  /// Clears the bar, so that what follows starts on a clean line.
  func finish() {
    if case .bar = style { write("\r\u{1B}[K") }
  }

  private func announce(block number: Int) {
    guard block != number else { return }
    block = number
    guard case .lines = style else { return }
    let name = number < 0 ? "warm-up block" : "block \(number + 1) of \(blocks)"
    Terminal.note(
      "  \(name), \(cells) \(cells == 1 ? "cell" : "cells"); \(done) of \(total) trials done\(remainingText)")
  }

  private func draw(cell: Cell, force: Bool) {
    guard case .bar(let width) = style else { return }
    let now = Date()
    guard force || now.timeIntervalSince(drawn) > 0.1 else { return }
    drawn = now
    let filled = total > 0 ? done * 20 / total : 20
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let name = "\(cell.subject.arm ?? cell.subject.workload) on \(cell.variant)"
    let which = block.map { $0 < 0 ? "warm-up" : "block \($0 + 1) of \(blocks)" } ?? ""
    let failed = failures > 0 ? ", \(failures) not ok" : ""
    let line = "\(bar) \(done)/\(total)\(remainingText)\(failed) · \(which) · \(name)"
    write("\r\u{1B}[K" + String(line.prefix(max(20, width - 1))))
  }

  private func complain(_ trial: Trial, _ cell: Cell) {
    if case .quiet = style { return }
    finish()
    Terminal.note(ProgressDisplay.complaint(trial, cell))
  }

  /// A line about a trial that did not end `ok`.
  static func complaint(_ trial: Trial, _ cell: Cell) -> String {
    let reason = trial.message.map { ": \($0)" } ?? ""
    let name = cell.subject.arm ?? cell.subject.workload
    let line = "  \(name) on \(cell.variant): \(trial.outcome)\(reason)"
    return String(line.map { $0.isNewline || $0 == "\u{1B}" ? " " : $0 }.prefix(300))
  }

  private var remainingText: String {
    guard done >= 3, total > done else { return "" }
    let seconds = Date().timeIntervalSince(began) / Double(done) * Double(total - done)
    return ", " + DurationText.text(seconds) + " left"
  }

  private func write(_ text: String) { Terminal.draw(text) }
}

/// Durations in words.
enum DurationText {
  /// `45 s`, `3 min 20 s`, `2 h 5 min`.
  static func text(_ seconds: Double) -> String {
    let whole = Int(nearest: seconds)
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
