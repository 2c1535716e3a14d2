import Model

/// All trials for the script of the page, in few bytes.
///
///     {"metrics": [[title, unit, scale]], "cells": [{"n": [workload, variant], "b": [blocks], "o": {place: outcome},
///      "m": {place: message}, "v": [[values of the first metric], …]}]}
///
/// With a scale, values are whole numbers, each less the one before, to be divided by it: the quotient is the exact
/// value. Without, they are as they were. A value that is missing is null and leaves the sum as it is.
struct TrialData {
  let view: SessionView

  /// The JSON; nothing in it can end a script element.
  var json: Markup {
    let scales = view.metrics.map { scale(of: $0) }
    let metrics = zip(view.metrics, scales).map { metric, scale in
      TrialData.list([
        JSONText.string(metric.title).text(), JSONText.string(metric.unit.rawValue).text(),
        NumberText.shortest(scale ?? 0),
      ])
    }
    let cells = view.result.cells.compactMap { result -> String? in
      view.contents.trials.cells[result.cell.key].map { cell(result.cell, $0, scales) }
    }
    return Markup(
      trusted: "{\"metrics\":\(TrialData.list(metrics)),\n\"cells\":\(TrialData.list(cells, by: ",\n"))}")
  }

  private static func list(_ items: [String], by separator: String = ",") -> String {
    "[\(items.joined(separator: separator))]"
  }

  private func cell(_ cell: Cell, _ trials: TrialColumns.Cell, _ scales: [Double?]) -> String {
    let names = [view.names.name(of: cell.subject), view.label(cell)].map {
      JSONText.string(Visible.text($0)).text()
    }
    let outcomes = texts(trials.outcomes.mapValues(\.longName))
    let messages = texts(trials.messages)
    let values = zip(view.metrics, scales).map { metric, scale in
      TrialData.list(TrialData.numbers(trials.values[metric.id] ?? [], scale: scale))
    }
    return """
      {"n":\(TrialData.list(names)),"b":\(TrialData.list(trials.blocks.map { "\($0 + 1)" })),"o":\(outcomes),\
      "m":\(messages),"v":\(TrialData.list(values))}
      """
  }

  private func texts(_ texts: [Int: String]) -> String {
    let pairs = texts.sorted { $0.key < $1.key }.map { place, text in
      "\"\(place)\":" + JSONText.string(Visible.text(text)).text()
    }
    return "{\(pairs.joined(separator: ","))}"
  }

  /// Values as they are written: differences of whole numbers, or the numbers themselves to ten digits. No measured
  /// value is known better, and a large page holds many of them.
  private static func numbers(_ values: [Double], scale: Double?) -> [String] {
    var before: Int64 = 0
    return values.map { value in
      guard value.isFinite else { return "null" }
      guard let scale else { return NumberText.rounded(value) }
      let whole = Int64(nearest: value * scale)
      defer { before = whole }
      return "\(whole &- before)"
    }
  }

  /// The smallest power of ten that makes every value of a metric a whole number and gives it back exactly.
  private func scale(of metric: MetricDefinition) -> Double? {
    let columns = view.contents.trials.cells.values.compactMap { $0.values[metric.id] }
    for scale in [1.0, 1e3, 1e6, 1e9] {
      let fits = columns.allSatisfy { column in
        column.allSatisfy { value in
          guard value.isFinite else { return true }
          let whole = (value * scale).rounded()
          return whole.magnitude < 9e15 && whole / scale == value
        }
      }
      if fits { return scale }
    }
    return nil
  }
}
