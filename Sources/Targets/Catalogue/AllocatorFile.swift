import Model
import Yams

/// Reads `allocators/<id>.yaml`. The format is explained at the top of `glibc.yaml`.
enum AllocatorFile {
  private static let keys = [
    "title", "explanation", "builds", "marks", "environment", "settings", "heap_profile",
  ]
  private static let buildKeys = ["libraries", "link", "package", "python_package", "recipe"]
  private static let recipeKeys = ["source", "toolchain", "tools", "steps", "product"]
  private static let markKeys = ["files", "symbols", "signature", "includes", "entries"]

  /// What one file says.
  struct Content {
    var allocator: AllocatorSpec
    /// Whose settings it has as well, and where that stands.
    var settingsOf: (id: AllocatorID, place: InputError.Location)?
  }

  /// Reads one allocator's file.
  static func read(_ file: String) throws(InputError) -> Content {
    let id = String(lastComponent(file).dropLast(".yaml".count))
    let map = try YAMLMap(text: try WorkloadFile.readText(file), file: file)
    try map.rejectUnknownKeys(keys, in: "an allocator")
    guard Identifier.isValid(id) else {
      throw InputError("'\(id)' cannot be an allocator's name", at: map.location)
    }
    let settings = try map.map("settings")
    let allocator = AllocatorSpec(
      id: AllocatorID(id),
      title: try map.requiredString("title"),
      explanation: try WorkloadFile.paragraph(map, "explanation"),
      builds: try builds(map, id),
      marks: try marks(map),
      environment: try map.strings("environment"),
      settings: try settings.map { (table) throws(InputError) in try SettingsReader.table(table) } ?? .init(),
      heapProfiling: try heapProfiling(map))
    guard let settings, let other = try settings.string("from") else { return Content(allocator: allocator) }
    return Content(
      allocator: allocator, settingsOf: (id: AllocatorID(other), place: settings.place(of: "from")))
  }

  private static func builds(_ map: YAMLMap, _ id: String) throws(InputError) -> [String: AllocatorBuild] {
    // What is here for its settings alone never gets into a program.
    if map["builds"] == nil, map["settings"] != nil { return [:] }
    guard let table = try map.map("builds"), !table.pairs.isEmpty else {
      throw InputError("'builds' is missing: how does \(id) get into a program?", at: map.location)
    }
    var result: [String: AllocatorBuild] = [:]
    for pair in table.pairs {
      do {
        _ = try Variant(parsing: "\(pair.key)/\(id)")
      } catch {
        throw InputError(error.message, hint: error.hint, at: pair.location)
      }
      result[pair.key] = try build(YAMLMap(pair.node, file: map.file), of: pair.key)
    }
    return result
  }

  private static func build(_ map: YAMLMap, of name: String) throws(InputError) -> AllocatorBuild {
    try map.rejectUnknownKeys(buildKeys, in: "build '\(name)'")
    let build = AllocatorBuild(
      link: try map.strings("link"),
      libraries: try map.strings("libraries"),
      package: try map.string("package"),
      pythonPackage: try map.string("python_package"),
      recipe: try map.map("recipe").map { (recipe) throws(InputError) in try Self.recipe(recipe) })
    // Go's heap comes with the compiler.
    let isRuntime = name.hasPrefix("\(Libc.none.rawValue)/")
    if !isRuntime, build.libraries.isEmpty == (build.recipe == nil) {
      throw InputError("build '\(name)' needs either 'libraries' or a 'recipe'", at: map.location)
    }
    if build.recipe != nil, !name.hasSuffix("/static") {
      throw InputError("a recipe makes an archive: it is for static builds", at: map.place(of: "recipe"))
    }
    return build
  }

  private static func recipe(_ map: YAMLMap) throws(InputError) -> SourceRecipe {
    try map.rejectUnknownKeys(recipeKeys, in: "a recipe")
    let toolchain = try map.requiredString("toolchain")
    guard RecipeToolchain(rawValue: toolchain) != nil else {
      throw InputError.unknown(
        "toolchain", toolchain, among: RecipeToolchain.allCases.map(\.rawValue),
        at: map.place(of: "toolchain"))
    }
    var steps: [[String]] = []
    for node in try map.list("steps") ?? [] {
      steps.append(try step(node, file: map.file))
    }
    return SourceRecipe(
      sourcePackage: try map.requiredString("source"), toolchain: toolchain,
      tools: try map.strings("tools"), steps: steps, product: try map.requiredString("product"))
  }

  private static func step(_ node: Node, file: String) throws(InputError) -> [String] {
    guard case .sequence(let sequence) = node, !sequence.isEmpty else {
      throw InputError(
        "a step is a list: the command and its arguments", at: YAMLMap.place(node, file: file))
    }
    var words: [String] = []
    for word in sequence {
      words.append(try YAMLMap.string(word, file: file, what: "an argument of a step"))
    }
    return words
  }

  private static func marks(_ map: YAMLMap) throws(InputError) -> AllocatorMarks {
    guard let marks = try map.map("marks") else {
      throw InputError("'marks' is missing: how is the allocator recognised?", at: map.location)
    }
    try marks.rejectUnknownKeys(markKeys, in: "marks")
    return AllocatorMarks(
      files: try marks.strings("files"),
      symbols: try marks.strings("symbols"),
      signature: try signature(marks),
      includes: try marks.strings("includes").map { AllocatorID($0) },
      entries: try marks.strings("entries"))
  }

  private static func heapProfiling(_ map: YAMLMap) throws(InputError) -> HeapProfiling? {
    guard let table = try map.map("heap_profile") else { return nil }
    try table.rejectUnknownKeys(["format", "variables", "works_with"], in: "heap_profile")
    let name = try table.requiredString("format")
    guard let format = HeapProfileFormat(rawValue: name) else {
      throw InputError.unknown(
        "format", name, among: HeapProfileFormat.allCases.map(\.rawValue), at: table.place(of: "format"))
    }
    var environment: [EnvironmentAssignment] = []
    for pair in try table.map("variables")?.pairs ?? [] {
      guard EnvironmentAssignment.isVariable(pair.key) else {
        throw InputError("'\(pair.key)' cannot be a variable's name", at: pair.location)
      }
      let value = try YAMLMap.string(pair.node, file: map.file, what: "the value of \(pair.key)")
      environment.append(EnvironmentAssignment(variable: pair.key, value: value))
    }
    guard environment.contains(where: { $0.value.contains("{prefix}") }) else {
      throw InputError("heap_profile needs a variable whose value holds {prefix}", at: table.location)
    }
    return HeapProfiling(
      format: format, environment: environment, worksWith: try table.strings("works_with"))
  }

  /// A text stands for its bytes; a list of numbers for 16-bit words in this machine's byte order.
  private static func signature(_ map: YAMLMap) throws(InputError) -> [UInt8] {
    guard let node = map["signature"] else { return [] }
    guard case .sequence(let sequence) = node else { return Array(try map.string("signature").orEmpty.utf8) }
    var bytes: [UInt8] = []
    for element in sequence {
      guard let word = element.int.flatMap({ UInt16(exactly: $0) }) else {
        throw InputError(
          "a number of a signature is from 0 to 65535", at: YAMLMap.place(element, file: map.file))
      }
      withUnsafeBytes(of: word) { bytes += $0 }
    }
    return bytes
  }
}

/// What compiles an allocator from source.
enum RecipeToolchain: String, CaseIterable {
  /// Debian's gcc with musl's headers and library: C only.
  case muslGCC = "musl-gcc"
  /// Zig's clang with its own musl and libc++: C and C++.
  case zigMusl = "zig-musl"
}

extension Optional where Wrapped == String {
  fileprivate var orEmpty: String { self ?? "" }
}
