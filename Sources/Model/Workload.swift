/// How large a workload runs when the plan does not set its parameters one by one.
public enum Scale: String, Codable, Sendable, CaseIterable {
  /// Fractions of a second: for a first look and for CI.
  case quick
  /// About a second.
  case `default`
  /// Several seconds: for figures to publish.
  case full
}

/// The type of a parameter, which says how its values are written.
public enum ParameterType: String, Codable, Sendable, CaseIterable {
  /// A whole number.
  case int
  /// Bytes: `4096`, `64KiB`, `1.5MiB`, `2GiB`. The program receives bytes.
  case bytes
  /// A time: `250ms`, `2s`. The program receives milliseconds.
  case duration
}

/// One parameter of a workload, as `workload.yaml` declares it.
public struct ParameterSpec: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// How its values are written.
  public let type: ParameterType
  /// The smallest value allowed.
  public let minimum: Int64
  /// The largest value allowed.
  public let maximum: Int64
  /// The value at each scale.
  public let values: [Scale: Int64]
  /// What it does, in a sentence.
  public let explanation: String

  /// Declares a parameter.
  public init(
    name: String, type: ParameterType, minimum: Int64, maximum: Int64, values: [Scale: Int64],
    explanation: String
  ) {
    self.name = name
    self.type = type
    self.minimum = minimum
    self.maximum = maximum
    self.values = values
    self.explanation = explanation
  }

  /// Reads a value as the user writes it, and checks its range.
  ///
  /// Throws: `InputError` with the range, in the units of the type.
  public func value(parsing text: String) throws(InputError) -> Int64 {
    guard let value = Quantity.parse(text, as: type) else {
      let example =
        switch type {
        case .int: "a whole number"
        case .bytes: "a size such as 4096, 64KiB or 1GiB"
        case .duration: "a time such as 250ms or 2s"
        }
      throw InputError("parameter '\(name)': '\(text)' is not \(example)")
    }
    guard (minimum...maximum).contains(value) else {
      throw InputError(
        "parameter '\(name)': \(text) is out of range",
        hint: "from \(Quantity.text(minimum, as: type)) to \(Quantity.text(maximum, as: type))")
    }
    return value
  }
}

/// How much of a workload is simulated, where a simulated machine is 20 to 60 times slower.
public struct SimulatedLengths: Hashable, Sendable {
  /// Parameters that the longer run has in place of the cell's.
  public let longer: [Parameter]
  /// Parameters that the shorter run has in place of the longer one's; what both do is start-up. Empty where
  /// operations cannot be told apart from it.
  public let shorter: [Parameter]

  /// States both lengths.
  public init(longer: [Parameter], shorter: [Parameter]) {
    self.longer = longer
    self.shorter = shorter
  }
}

/// A workload of ours, as its folder under `Workloads/` describes it.
public struct WorkloadSpec: Hashable, Sendable {
  /// The folder's name.
  public let id: String
  /// A short title.
  public let title: String
  /// What it does with the allocator.
  public let pattern: String
  /// Which behaviour of allocators it brings to light.
  public let exposes: String
  /// Where the pattern comes from.
  public let reference: String
  /// How it differs from the program whose name it has; nil for one that has no namesake.
  public let namesake: String?
  /// What to look at in its figures.
  public let analysis: String
  /// Whether allocators must tie on it.
  public let isControl: Bool
  /// The folder's path.
  public let folder: String
  /// File names of its sources within the folder.
  public let sources: [String]
  /// Its parameters in the order of the file.
  public let parameters: [ParameterSpec]
  /// Whether it is a Go program that calls C, so that it cannot be built without.
  public let needsCgo: Bool
  /// How much of it is simulated; nil for as much as is measured, without operations.
  public let simulation: SimulatedLengths?

  /// Describes a workload.
  public init(
    id: String, title: String, pattern: String, exposes: String, reference: String, analysis: String,
    isControl: Bool, folder: String, sources: [String], parameters: [ParameterSpec], needsCgo: Bool = false,
    simulation: SimulatedLengths? = nil, namesake: String? = nil
  ) {
    self.id = id
    self.title = title
    self.pattern = pattern
    self.exposes = exposes
    self.reference = reference
    self.namesake = namesake
    self.analysis = analysis
    self.isControl = isControl
    self.folder = folder
    self.sources = sources
    self.parameters = parameters
    self.needsCgo = needsCgo
    self.simulation = simulation
  }

  /// Whether it is written in Go.
  public var isGo: Bool { sources.contains { $0.hasSuffix(".go") } }

  /// Whether it can be built as a variant at all: programs in C and C++ as those without cgo part, programs in Go as
  /// those with one.
  public func runs(as variant: Variant) -> Bool {
    guard isGo, let cgo = variant.cgo else { return !isGo && !variant.isGo }
    return cgo || !needsCgo
  }

  /// All parameters at a scale, with some of them set by the user.
  ///
  /// Throws: `InputError` for a name that the workload does not have or a value out of range.
  public func resolve(_ overrides: [(name: String, value: String)], scale: Scale) throws(InputError)
    -> [Parameter]
  {
    for override in overrides where !parameters.contains(where: { $0.name == override.name }) {
      throw InputError.unknown(
        "parameter", override.name, among: parameters.map(\.name), in: "workload '\(id)'")
    }
    var result: [Parameter] = []
    for spec in parameters {
      if let override = overrides.last(where: { $0.name == spec.name }) {
        do {
          result.append(
            Parameter(name: spec.name, value: try spec.value(parsing: override.value), type: spec.type))
        } catch {
          throw InputError("workload '\(id)', \(error.message)", hint: error.hint)
        }
      } else {
        let value = spec.values[scale] ?? spec.values[.default] ?? 0
        result.append(Parameter(name: spec.name, value: value, type: spec.type))
      }
    }
    return result
  }
}

/// A parameter with its value: bytes for sizes, milliseconds for times.
public struct Parameter: Hashable, Codable, Sendable {
  /// Its name.
  public let name: String
  /// Its value in the unit of its type.
  public let value: Int64
  /// What kind of value it is.
  public let type: ParameterType

  /// Gives a parameter a value.
  public init(name: String, value: Int64, type: ParameterType = .int) {
    self.name = name
    self.value = value
    self.type = type
  }

  /// As a user writes it: `peak=64MiB`.
  public var description: String { "\(name)=\(Quantity.text(value, as: type))" }
}

/// Sizes and times as people write them.
public enum Quantity {
  private static let sizes: [(suffix: String, factor: Double)] = [
    ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
    ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("K", 1024), ("M", 1_048_576), ("G", 1_073_741_824), ("B", 1),
  ]
  private static let times: [(suffix: String, factor: Double)] = [
    ("ms", 1), ("min", 60_000), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
  ]

  /// 100,000 hours, in ms: ten times as much is still a time that the clocks can count.
  private static let longest: Int64 = 360_000_000_000

  /// Reads a value; nil when it is not one. A size without unit is bytes, a time without unit milliseconds; a time has at
  /// most 100,000 hours.
  public static func parse(_ text: String, as type: ParameterType) -> Int64? {
    switch type {
    case .int: whole(text)
    case .bytes: scaled(text, by: sizes)
    case .duration: scaled(text, by: times).flatMap { (-longest...longest).contains($0) ? $0 : nil }
    }
  }

  /// Writes a value with the largest unit that keeps it exact.
  public static func text(_ value: Int64, as type: ParameterType) -> String {
    switch type {
    case .int: return "\(value)"
    case .bytes:
      for (suffix, factor) in [("GiB", Int64(1_073_741_824)), ("MiB", 1_048_576), ("KiB", 1024)]
      where value != 0 && value % factor == 0 {
        return "\(value / factor)\(suffix)"
      }
      return "\(value)B"
    case .duration: return value != 0 && value % 1000 == 0 ? "\(value / 1000)s" : "\(value)ms"
    }
  }

  private static func whole(_ text: String) -> Int64? {
    Int64(text.filter { $0 != "_" })
  }

  private static func scaled(_ text: String, by units: [(suffix: String, factor: Double)]) -> Int64? {
    let trimmed = text.filter { $0 != " " }
    if let plain = whole(trimmed) { return plain }
    for unit in units where trimmed.hasSuffix(unit.suffix) {
      guard let number = Double(trimmed.dropLast(unit.suffix.count)), number.isFinite else { return nil }
      let value = (number * unit.factor).rounded()
      return value.magnitude < 9e18 ? Int64(value) : nil
    }
    return nil
  }
}
