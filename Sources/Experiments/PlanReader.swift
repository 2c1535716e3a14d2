import Foundation
import Model

/// Reads plan files. Every key is known, or the reading stops with its place.
public enum PlanReader {
  private static let keys = [
    "title", "explanation", "scale", "workloads", "variants", "settings", "reference", "trials", "warmup",
    "seed", "rate", "latency", "time_limit", "memory_limit", "ladder", "strict", "budget", "events",
    "simulate", "simulate_limit", "measure_inert",
  ]

  /// Reads a file.
  ///
  /// Throws: `InputError` when it is a directory, cannot be read or is not a plan.
  public static func read(path: String) throws(InputError) -> PlanDraft {
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        "there is no plan file '\(path)'", hint: "`heapscale list plans` shows those that come along")
    }
    let data = try InputFile.read(path, as: "plan", atMost: InputFile.plan, hint: "name a YAML file")
    guard let text = String(data: data, encoding: .utf8) else {
      throw InputError("the plan '\(path)' is not UTF-8 text")
    }
    return try parse(text, file: path)
  }

  /// Reads a text.
  public static func parse(_ text: String, file: String) throws(InputError) -> PlanDraft {
    let map = try YAMLMap(text: text, file: file)
    try map.rejectUnknownKeys(keys, in: "plan")
    var draft = PlanDraft()
    draft.title = try map.string("title")
    draft.scale = try scale(map)
    draft.workloads = try workloads(map)
    draft.variants = try variants(map)
    draft.settings = try SettingsReader.requests(map)
    draft.strict = try map.bool("strict")
    draft.measuresInert = try map.bool("measure_inert")
    draft.reference = try located(map, "reference") { text throws(InputError) in try Variant(parsing: text) }
    draft.trials = try located(map, "trials") { text throws(InputError) in try TrialCount(parsing: text) }
    draft.budget = try quantity(map, "budget", .duration).map { Nanoseconds($0 * 1_000_000) }
    draft.warmup = try bounded(map, "warmup", 0...100)
    draft.seed = try bounded(map, "seed", 0...Int.max).map(UInt64.init)
    draft.rate = try bounded(map, "rate", 0...1000)
    draft.latency = try map.bool("latency")
    draft.events = try map.string("events").map { text throws(InputError) in
      try EventChoice(parsing: text, at: map.place(of: "events"))
    }
    draft.timeLimit = try quantity(map, "time_limit", .duration).map { Nanoseconds($0 * 1_000_000) }
    draft.memoryLimit = try quantity(map, "memory_limit", .bytes).map(Bytes.init)
    draft.simulate = try map.bool("simulate")
    draft.simulationLimit = try quantity(map, "simulate_limit", .duration).map {
      Nanoseconds($0 * 1_000_000)
    }
    return draft
  }

  private static func scale(_ map: YAMLMap) throws(InputError) -> Scale? {
    guard let text = try map.string("scale") else { return nil }
    guard let scale = Scale(rawValue: text) else {
      throw InputError.unknown(
        "scale", text, among: Scale.allCases.map(\.rawValue), at: map.place(of: "scale"))
    }
    return scale
  }

  /// `- larson`, `- larson:threads=4` or `- larson: {threads: 4}`.
  private static func workloads(_ map: YAMLMap) throws(InputError) -> [PlanDraft.WorkloadRequest]? {
    guard let nodes = try map.list("workloads") else { return nil }
    var result: [PlanDraft.WorkloadRequest] = []
    for node in nodes {
      let place = YAMLMap.place(node, file: map.file)
      if case .scalar = node {
        let text = try YAMLMap.string(node, file: map.file, what: "a workload")
        result.append(try PlanDraft.WorkloadRequest(parsing: text, location: place))
        continue
      }
      let entry = try YAMLMap(node, file: map.file)
      for pair in entry.pairs {
        let inner = try YAMLMap(pair.node, file: map.file)
        var parameters: [(name: String, value: String)] = []
        for parameter in inner.pairs {
          let what = "parameter '\(parameter.key)'"
          parameters.append(
            (parameter.key, try YAMLMap.string(parameter.node, file: map.file, what: what)))
        }
        result.append(.init(id: pair.key, parameters: parameters, location: pair.location))
      }
    }
    return result
  }

  private static func variants(
    _ map: YAMLMap
  ) throws(InputError) -> [(variant: Variant, location: InputError.Location?)]? {
    guard let nodes = try map.list("variants") else { return nil }
    var result: [(variant: Variant, location: InputError.Location?)] = []
    for node in nodes {
      let place = YAMLMap.place(node, file: map.file)
      let text = try YAMLMap.string(node, file: map.file, what: "a variant")
      do {
        result.append((try Variant(parsing: text), place))
      } catch {
        throw InputError(error.message, hint: error.hint, at: place)
      }
    }
    return result
  }

  private static func bounded(
    _ map: YAMLMap, _ key: String, _ range: ClosedRange<Int>
  ) throws(InputError) -> Int? {
    guard let value = try map.int(key) else { return nil }
    guard range.contains(value) else {
      throw InputError(
        "'\(key)' is out of range", hint: "from \(range.lowerBound) to \(range.upperBound)",
        at: map.place(of: key))
    }
    return value
  }

  private static func quantity(
    _ map: YAMLMap, _ key: String, _ type: ParameterType
  ) throws(InputError) -> Int64? {
    guard let text = try map.string(key) else { return nil }
    guard let value = Quantity.parse(text, as: type), value > 0 else {
      let example = type == .bytes ? "a size such as 512MiB" : "a time such as 60s or 500ms"
      throw InputError("'\(key)': '\(text)' is not \(example)", at: map.place(of: key))
    }
    return value
  }

  private static func located<T>(
    _ map: YAMLMap, _ key: String, _ parse: (String) throws(InputError) -> T
  ) throws(InputError) -> T? {
    guard let text = try map.string(key) else { return nil }
    do {
      return try parse(text)
    } catch {
      throw InputError(error.message, hint: error.hint, at: map.place(of: key))
    }
  }
}
