import Foundation
import Model

/// The values of a metric on two sides, ready for every question that a comparison asks.
///
/// Ratios are what changes of time and memory are like, so that relative questions go to the differences of
/// logarithms. A metric may be 0 (faults, context switches, retained bytes of a small program), and 0 has no
/// logarithm: as soon as one value is 0 or below, they go to the plain differences instead, relative to the mean
/// of the values compared with. Where all values compared with are 0, nothing is a share of them.
struct Contrast {
  /// What a relative change is measured in.
  private enum Scale {
    case ratio
    case share(of: Double)
    case nothing
    case zeros
  }

  private let scale: Scale
  /// In logarithms, or in the unit where there are none.
  let relative: any ShiftSample
  /// In the metric's unit.
  let absolute: any ShiftSample
  let isPaired: Bool
  /// The mean magnitude of the values compared with, in the metric's unit.
  let baselineMean: Double

  /// Trials paired by block.
  init(paired pairs: [PairedEffect.Pair]) {
    baselineMean = Contrast.mean(pairs.map(\.baseline))
    scale = Contrast.scale(values: pairs.map(\.value), baselines: pairs.map(\.baseline))
    let absolute = PairedSample(pairs.map { $0.value - $0.baseline })
    self.absolute = absolute
    isPaired = true
    if case .ratio = scale {
      relative = PairedSample(pairs.map { log($0.value) - log($0.baseline) })
    } else {
      relative = absolute
    }
  }

  /// Trials that have nothing to do with each other.
  init(values: [Double], baselines: [Double]) {
    baselineMean = Contrast.mean(baselines)
    scale = Contrast.scale(values: values, baselines: baselines)
    let absolute = UnpairedSample(values, baselines)
    self.absolute = absolute
    isPaired = false
    if case .ratio = scale {
      relative = UnpairedSample(values.map { log($0) }, baselines.map { log($0) })
    } else {
      relative = absolute
    }
  }

  private static func scale(values: [Double], baselines: [Double]) -> Scale {
    if (values + baselines).allSatisfy({ $0 > 0 }) { return .ratio }
    if (values + baselines).allSatisfy({ $0 == 0 }) { return .zeros }
    let mean = mean(baselines)
    return mean > 0 ? .share(of: mean) : .nothing
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1.magnitude / Double(values.count) }
  }

  /// Where a relative change lies on the scale of `relative`. On logarithms it is as far up as down.
  func limit(_ change: Double) -> Double {
    switch scale {
    case .ratio: log1p(change)
    case .share(let mean): change * mean
    case .nothing, .zeros: 0
    }
  }

  /// The relative change at a place on the scale of `relative`; nil where there is none.
  func change(at place: Double) -> Double? {
    switch scale {
    case .ratio: expm1(place)
    case .share(let mean): place / mean
    case .nothing: nil
    case .zeros: 0
    }
  }

  /// The relative change at a place on the scale of `relative`, also nil where everything is 0: no change would be a
  /// share of that.
  func share(at place: Double) -> Double? {
    if case .zeros = scale { nil } else { change(at: place) }
  }

  /// The relative change and its interval; nil where every value compared with is 0 and others are not.
  func effect(confidence: Double = 0.95) throws(FindingsError) -> Effect? {
    let shift = try relative.shift(confidence: confidence)
    guard let change = change(at: shift.centre) else { return nil }
    let notes = [shift.note, note].compactMap(\.self)
    return Effect(
      change: change, low: shift.low.flatMap(self.change(at:)), high: shift.high.flatMap(self.change(at:)),
      pairs: relative.count, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  /// The change in the metric's unit and its interval.
  func difference(confidence: Double = 0.95) throws(FindingsError) -> Difference {
    let shift = try absolute.shift(confidence: confidence)
    return Difference(centre: shift.centre, low: shift.low, high: shift.high)
  }

  /// What is special about the scale.
  private var note: String? {
    switch scale {
    case .ratio, .nothing: nil
    case .share: "some values are 0: differences relative to the mean, instead of ratios"
    case .zeros: "0 in every trial"
    }
  }
}
