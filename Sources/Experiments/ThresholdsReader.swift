import Foundation
import Model
import Yams

/// Reads thresholds of a check.
///
///     rules:                                  # the later rule has the last word
///       - {metric: peak_resident, relative: 3%, absolute: 512KiB}
///       - {metric: cpu, workload: larson, variant: glibc/dynamic, relative: 5%, gate: true}
///       - {metric: wall, gate: false}
///       - {metric: faults_minor, lane: exact}
///
/// `workload`, `variant`, `settings` and `metric` say what a rule is about, and may be left out; `relative`, `absolute`
/// (in the metric's unit, sizes and times with theirs), `better` (lower, higher), `gate` and `lane` (exact, sampled) what it
/// changes.
public enum ThresholdsReader {
  private static let keys = [
    "workload", "variant", "settings", "metric", "relative", "absolute", "better", "gate", "lane",
  ]

  /// Reads a file; `metrics` are all there are.
  ///
  /// Throws: `InputError` with the place of what is wrong.
  public static func read(path: String, metrics: [MetricDefinition]) throws(InputError) -> Thresholds {
    let data = try InputFile.read(
      path, as: "thresholds file", atMost: InputFile.plan, hint: "name a YAML file")
    guard let text = String(data: data, encoding: .utf8) else {
      throw InputError("the thresholds file '\(path)' is not UTF-8 text", hint: "name a YAML file")
    }
    return try parse(text, file: path, metrics: metrics)
  }

  /// Reads a text.
  public static func parse(
    _ text: String, file: String, metrics: [MetricDefinition]
  ) throws(InputError) -> Thresholds {
    let map = try YAMLMap(text: text, file: file)
    try map.rejectUnknownKeys(["rules"], in: "thresholds")
    var rules: [ThresholdRule] = []
    for node in try map.list("rules") ?? [] { rules.append(try rule(YAMLMap(node, file: file), metrics)) }
    return Thresholds(rules: rules)
  }

  private static func rule(_ map: YAMLMap, _ metrics: [MetricDefinition]) throws(InputError) -> ThresholdRule
  {
    try map.rejectUnknownKeys(keys, in: "a rule")
    let metric = try definition(map, metrics)
    var rule = ThresholdRule(
      workload: try map.string("workload"), settings: try map.string("settings"), metric: metric?.id,
      relative: try share(map), absolute: try absolute(map, metric), gates: try map.bool("gate"))
    rule.variant = try variant(map)
    rule.better = try word(map, "better", Direction.init(rawValue:), ["lower", "higher"])
    rule.lane = try word(map, "lane", Lane.init(rawValue:), Lane.allCases.map(\.rawValue))
    guard rule.relative ?? rule.absolute != nil || rule.gates != nil || rule.better != nil || rule.lane != nil
    else {
      throw InputError(
        "the rule changes nothing", hint: "give it relative, absolute, gate, better or lane", at: map.location
      )
    }
    return rule
  }

  private static func variant(_ map: YAMLMap) throws(InputError) -> Variant? {
    guard let text = try map.string("variant") else { return nil }
    do throws(InputError) {
      return try Variant(parsing: text)
    } catch {
      throw InputError(error.message, hint: error.hint, at: map.place(of: "variant"))
    }
  }

  private static func definition(
    _ map: YAMLMap, _ metrics: [MetricDefinition]
  ) throws(InputError) -> MetricDefinition? {
    guard let name = try map.string("metric") else { return nil }
    guard let found = metrics.first(where: { $0.id.rawValue == name }) else {
      throw InputError.unknown("metric", name, among: metrics.map(\.id.rawValue), at: map.place(of: "metric"))
    }
    return found
  }

  /// `2%` or `0.02`.
  private static func share(_ map: YAMLMap) throws(InputError) -> Double? {
    guard let text = try map.string("relative") else { return nil }
    let isPercent = text.hasSuffix("%")
    let digits = text.filter { $0 != "%" && $0 != " " }
    guard let number = Double(digits), number.isFinite, number >= 0 else {
      throw InputError(
        "'relative' is '\(text)', no share", hint: "for example 2% or 0.02", at: map.place(of: "relative"))
    }
    return isPercent ? number / 100 : number
  }

  /// A size, a time or a plain number, by the metric's unit.
  private static func absolute(_ map: YAMLMap, _ metric: MetricDefinition?) throws(InputError) -> Double? {
    guard let text = try map.string("absolute") else { return nil }
    let value: Double? =
      switch metric?.unit {
      case nil:
        throw InputError("'absolute' needs the metric whose unit it has", at: map.place(of: "absolute"))
      case .bytes: Quantity.parse(text, as: .bytes).map(Double.init)
      case .seconds: Quantity.parse(text, as: .duration).map { Double($0) / 1000 }
      default: Double(text)
      }
    guard let value, value.isFinite, value >= 0 else {
      throw InputError(
        "'absolute' is '\(text)', which is not in the metric's unit", at: map.place(of: "absolute"))
    }
    return value
  }

  private static func word<Value>(
    _ map: YAMLMap, _ key: String, _ make: (String) -> Value?, _ words: [String]
  ) throws(InputError) -> Value? {
    guard let text = try map.string(key) else { return nil }
    guard let value = make(text) else {
      throw InputError.unknown(key, text, among: words, at: map.place(of: key))
    }
    return value
  }
}
