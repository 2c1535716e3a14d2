import Model

/// Reads `workload.yaml`.
enum WorkloadFile {
  private static let keys = [
    "title", "pattern", "exposes", "reference", "namesake", "analysis", "control", "sources", "cgo",
    "parameters",
    "simulation",
  ]
  private static let parameterKeys = [
    "type", "minimum", "maximum", "default", "quick", "full", "explanation",
  ]

  /// Reads the description in a workload's folder.
  static func read(folder: String) throws(InputError) -> WorkloadSpec {
    let file = folder + "/workload.yaml"
    let id = lastComponent(folder)
    let map = try YAMLMap(text: try readText(file), file: file)
    try map.rejectUnknownKeys(keys, in: "a workload")
    guard Identifier.isValid(id) else {
      throw InputError(
        "'\(id)' cannot be a workload's name", hint: "use letters, digits and '-'", at: map.location)
    }
    let sources = try sources(map, in: folder)
    let parameters = try parameters(map)
    return WorkloadSpec(
      id: id,
      title: try map.requiredString("title"),
      pattern: try paragraph(map, "pattern"),
      exposes: try map.requiredString("exposes"),
      reference: try map.requiredString("reference"),
      analysis: try paragraph(map, "analysis"),
      isControl: try map.bool("control") ?? false,
      folder: folder,
      sources: sources,
      parameters: parameters,
      needsCgo: try needsCgo(map, sources),
      simulation: try simulation(map, parameters),
      namesake: try map.string("namesake") == nil ? nil : paragraph(map, "namesake"))
  }

  /// `simulation: {longer: {operations: 20000}, shorter: {operations: 10000}}`; `shorter` may be left out.
  private static func simulation(
    _ map: YAMLMap, _ specs: [ParameterSpec]
  ) throws(InputError) -> SimulatedLengths? {
    guard let simulation = try map.map("simulation") else { return nil }
    try simulation.rejectUnknownKeys(["longer", "shorter"], in: "'simulation'")
    return SimulatedLengths(
      longer: try values(simulation, "longer", specs), shorter: try values(simulation, "shorter", specs))
  }

  private static func values(
    _ map: YAMLMap, _ key: String, _ specs: [ParameterSpec]
  ) throws(InputError) -> [Parameter] {
    guard let values = try map.map(key) else { return [] }
    try values.rejectUnknownKeys(specs.map(\.name), in: "'\(key)'")
    var result: [Parameter] = []
    for spec in specs {
      guard let text = try values.string(spec.name) else { continue }
      do throws(InputError) {
        result.append(Parameter(name: spec.name, value: try spec.value(parsing: text), type: spec.type))
      } catch {
        throw InputError(error.message, hint: error.hint, at: values.place(of: spec.name))
      }
    }
    return result
  }

  /// `cgo: required`; nothing else needs to be said, since other Go programs are built both ways.
  private static func needsCgo(_ map: YAMLMap, _ sources: [String]) throws(InputError) -> Bool {
    guard let word = try map.string("cgo") else { return false }
    guard word == "required" else {
      throw InputError.unknown("word", word, among: ["required"], in: "'cgo'", at: map.place(of: "cgo"))
    }
    guard sources.contains(where: { SourceLanguage(of: $0) == .go }) else {
      throw InputError("'cgo' is for workloads in Go", at: map.place(of: "cgo"))
    }
    return true
  }

  /// The text of an input file; a folder or a missing file is the user's mistake, not ours.
  static func readText(_ path: String) throws(InputError) -> String {
    do {
      return try Files.text(path)
    } catch {
      throw InputError(error.description)
    }
  }

  /// A folded text without the line break that YAML leaves at its end.
  static func paragraph(_ map: YAMLMap, _ key: String) throws(InputError) -> String {
    var text = try map.requiredString(key)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private static func sources(_ map: YAMLMap, in folder: String) throws(InputError) -> [String] {
    let names = try map.strings("sources")
    guard !names.isEmpty else {
      throw InputError("'sources' names no file", at: map.place(of: "sources"))
    }
    for name in names {
      guard SourceLanguage(of: name) != nil, !name.contains("/") else {
        throw InputError(
          "the source '\(name)' is neither C (.c), C++ (.cpp, .cc) nor Go (.go) in the same folder",
          at: map.place(of: "sources"))
      }
      guard Files.exists("\(folder)/\(name)") else {
        throw InputError("the source '\(name)' does not exist", at: map.place(of: "sources"))
      }
    }
    let go = names.filter { SourceLanguage(of: $0) == .go }
    guard go.isEmpty || go.count == names.count else {
      throw InputError(
        "a workload is in Go or in C and C++, not in both",
        hint: "C for Go stands in the comment before import \"C\"",
        at: map.place(of: "sources"))
    }
    return names
  }

  private static func parameters(_ map: YAMLMap) throws(InputError) -> [ParameterSpec] {
    guard let table = try map.map("parameters") else { return [] }
    var result: [ParameterSpec] = []
    for pair in table.pairs {
      result.append(try parameter(pair.key, YAMLMap(pair.node, file: map.file), at: pair.location))
    }
    return result
  }

  private static func parameter(_ name: String, _ map: YAMLMap, at place: InputError.Location)
    throws(InputError) -> ParameterSpec
  {
    try map.rejectUnknownKeys(parameterKeys, in: "parameter '\(name)'")
    guard EnvironmentAssignment.isVariable(name) else {
      throw InputError("'\(name)' cannot be a parameter's name", hint: "use a-z, 0-9 and _", at: place)
    }
    let typeName = try map.requiredString("type")
    guard let type = ParameterType(rawValue: typeName) else {
      throw InputError.unknown(
        "type", typeName, among: ParameterType.allCases.map(\.rawValue), at: map.place(of: "type"))
    }
    let minimum = try quantity(map, "minimum", type)
    let maximum = try quantity(map, "maximum", type)
    var values: [Scale: Int64] = [.default: try quantity(map, "default", type)]
    for scale in [Scale.quick, .full] where map[scale.rawValue] != nil {
      values[scale] = try quantity(map, scale.rawValue, type)
    }
    for (scale, value) in values where value < minimum || value > maximum {
      throw InputError(
        "parameter '\(name)': '\(scale.rawValue)' is not between minimum and maximum",
        at: map.place(of: scale.rawValue))
    }
    return ParameterSpec(
      name: name, type: type, minimum: minimum, maximum: maximum, values: values,
      explanation: try map.requiredString("explanation"))
  }

  private static func quantity(_ map: YAMLMap, _ key: String, _ type: ParameterType) throws(InputError)
    -> Int64
  {
    let text = try map.requiredString(key)
    guard let value = Quantity.parse(text, as: type) else {
      throw InputError("'\(key)': '\(text)' is not of the type \(type.rawValue)", at: map.place(of: key))
    }
    return value
  }
}

/// The language of a workload's source file, by its ending.
enum SourceLanguage {
  case c
  case cxx
  case go

  /// Nil for files of other languages.
  init?(of name: String) {
    switch name.split(separator: ".").last {
    case "c": self = .c
    case "cpp", "cc", "cxx": self = .cxx
    case "go": self = .go
    default: return nil
    }
  }
}
