import Glibc
import Model

/// Builds allocators from Debian source packages by their recipes, once for each recipe and toolchain.
///
/// Products stand in `tools/allocators/<id>-<libc>-<hash>/` with a text that says how they were made.
struct SourceBuild: Sendable {
  let folder: DataFolder
  let shelf: CompilerShelf
  let digests: FileDigests
  let notice: @Sendable (String) -> Void

  private var root: String { folder.tools + "/allocators" }
  private static let receipt = "built-by.txt"

  /// Whether the product is there, can be built, or lacks a tool.
  func availability(_ recipe: SourceRecipe, id: AllocatorID, libc: Libc) async -> Availability {
    if let product = try? await finished(recipe, id, libc) { return .available(product) }
    let needed = recipe.tools + ["dpkg-dev"]
    guard let installed = await DebianPackages.versions(of: needed) else {
      return .missing("it is built from a Debian source package, and this system has no dpkg")
    }
    let missing = needed.filter { installed[$0] == nil }
    guard missing.isEmpty else {
      return .missing(
        "\(missing.joined(separator: ", ")) to build it from source is not installed; "
          + Installation.debian(missing))
    }
    return .buildable(
      "built from the Debian source package \(recipe.sourcePackage) with \(recipe.toolchain) when first used")
  }

  /// The archive, built first when it is not there yet.
  ///
  /// Throws: `TargetsError.sourceMissing` when it cannot be fetched, `commandFailed` for the step that failed.
  func product(_ recipe: SourceRecipe, id: AllocatorID, libc: Libc) async throws(TargetsError) -> String {
    if let product = try await finished(recipe, id, libc) { return product }
    try Files.makeFolder(root)
    let lock = try await FolderLock.acquire(root + "/.lock")
    defer { lock.release() }
    // Another process may have built it while this one waited.
    if let product = try await finished(recipe, id, libc) { return product }
    notice("building \(id) for \(libc.rawValue) from the Debian source package \(recipe.sourcePackage)")
    let work = try Files.makePrivateFolder(in: root)
    defer { work.remove() }
    return try await build(recipe, id, libc, in: work.path)
  }

  /// How a product was made: the source package with its version, and the toolchain.
  func origin(of product: String, _ recipe: SourceRecipe) -> String {
    let text = try? Files.text("\(parentFolder(product))/\(Self.receipt)")
    return text?.split(separator: "\n").first.map(String.init) ?? "built from \(recipe.sourcePackage)"
  }

  // MARK: - parts

  private func finished(_ recipe: SourceRecipe, _ id: AllocatorID, _ libc: Libc) async throws(TargetsError)
    -> String?
  {
    let path = try await place(recipe, id, libc) + "/" + lastComponent(recipe.product)
    return Files.exists(path) ? path : nil
  }

  private func place(_ recipe: SourceRecipe, _ id: AllocatorID, _ libc: Libc) async throws(TargetsError)
    -> String
  {
    let compiler = try await compiler(recipe)
    let text = [compiler.version, compiler.machine, "\(recipe)"].joined(separator: "\n")
    return "\(root)/\(id)-\(libc.rawValue)-\(try await digests.digest(ofText: text).prefix(16))"
  }

  private func compiler(_ recipe: SourceRecipe) async throws(TargetsError) -> Compiler {
    let isZig = recipe.toolchain == RecipeToolchain.zigMusl.rawValue
    return try await shelf.compiler(isZig ? .zigMusl : .muslGCC, cxx: isZig)
  }

  private func build(_ recipe: SourceRecipe, _ id: AllocatorID, _ libc: Libc, in work: String)
    async throws(TargetsError) -> String
  {
    let compiler = try await compiler(recipe)
    try Files.makeFolder(work + "/source")
    let apt = PrivateApt(folder: folder.tools + "/apt")
    let sources = try await apt.source(recipe.sourcePackage, into: work + "/source")
    let wrappers = try CompilerWrappers(compiler, target: shelf.target, in: work + "/bin")
    let log = "\(root)/\(id)-\(libc.rawValue).log"
    try Files.write("", to: log)
    let variables = compiler.environment.merging(["TMPDIR": work]) { own, _ in own }
    for step in recipe.steps {
      let command = ["nice", "-n", "10"] + step.map(wrappers.fill)
      try await ToolRunner.require(
        command, doing: "building \(id) for \(libc.rawValue)", in: sources, environment: variables, log: log)
    }
    return try await publish(recipe, compiler, sources, as: try await place(recipe, id, libc), work)
  }

  private func publish(
    _ recipe: SourceRecipe, _ compiler: Compiler, _ sources: String, as place: String, _ work: String
  ) async throws(TargetsError) -> String {
    let product = "\(sources)/\(recipe.product)"
    let name = lastComponent(recipe.product)
    guard Files.exists(product) else {
      throw TargetsError.file(path: product, problem: "the recipe's steps succeeded, but did not make it")
    }
    let finished = work + "/finished"
    try Files.makeFolder(finished)
    try Files.move(product, to: "\(finished)/\(name)")
    let version = versionOf(recipe, in: parentFolder(sources))
    try Files.write(
      "Debian source \(recipe.sourcePackage) \(version), \(compiler.version)\n"
        + recipe.steps.map { $0.joined(separator: " ") + "\n" }.joined(), to: "\(finished)/\(Self.receipt)")
    try Files.publish(finished, as: place)
    return "\(place)/\(name)"
  }

  /// The version stands in the name of the package's description: `jemalloc_5.3.0-1.dsc`.
  private func versionOf(_ recipe: SourceRecipe, in folder: String) -> String {
    let prefix = recipe.sourcePackage + "_"
    let name = Files.names(in: folder).first { $0.hasPrefix(prefix) && $0.hasSuffix(".dsc") }
    return name.map { String($0.dropFirst(prefix.count).dropLast(".dsc".count)) } ?? "of unknown version"
  }
}

/// What a recipe's placeholders stand for. Configure scripts take a compiler as one word, so a compiler with
/// leading arguments gets a small script of its own.
private struct CompilerWrappers {
  private var values: [(name: String, value: String)] = []

  init(_ compiler: Compiler, target: String, in folder: String) throws(TargetsError) {
    try Files.makeFolder(folder)
    var commands = [("cc", compiler.c), ("cxx", compiler.cxx ?? compiler.c)]
    if compiler.kind == .zigMusl {
      commands += [("ar", [compiler.c[0], "ar"]), ("ranlib", [compiler.c[0], "ranlib"])]
    } else {
      values += [("ar", "ar"), ("ranlib", "ranlib")]
    }
    for (name, words) in commands {
      let quoted = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
      try Files.write("#!/bin/sh\nexec \(quoted) \"$@\"\n", to: "\(folder)/\(name)", executable: true)
      values.append((name, "\(folder)/\(name)"))
    }
    values += [("host", target), ("arch", compiler.machine)]
    values.append(("jobs", "\(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))"))
  }

  func fill(_ argument: String) -> String {
    values.reduce(argument) { $0.replacing("{\($1.name)}", with: $1.value) }
  }
}

/// A lock between processes, by flock(2) on a file: the kernel releases it when its holder dies.
struct FolderLock: Sendable {
  private let descriptor: CInt

  /// Waits until no other process holds it.
  static func acquire(_ path: String) async throws(TargetsError) -> FolderLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw TargetsError.file(
        path: path, problem: "cannot be opened for locking: \(String(cString: strerror(errno)))")
    }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, (try? await Task.sleep(for: .milliseconds(200))) != nil
      else {
        close(descriptor)
        throw TargetsError.file(path: path, problem: "cannot be locked")
      }
    }
    return FolderLock(descriptor: descriptor)
  }

  /// Lets the next one in.
  func release() { close(descriptor) }
}
