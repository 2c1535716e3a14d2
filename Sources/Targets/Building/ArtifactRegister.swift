import Model

/// Describes the files that took part in a measurement: size, SHA-256 and origin.
actor ArtifactRegister {
  private let tools: String
  private let digests: FileDigests
  private var packages: [String: String] = [:]

  init(tools: String, digests: FileDigests) {
    self.tools = tools
    self.digests = digests
  }

  /// A file with its origin; the origin is the file's Debian package when none is given.
  func record(_ kind: String, _ path: String, origin: String? = nil) async throws(TargetsError)
    -> ArtifactRecord
  {
    let digest = try await digests.digest(of: path)
    var source = origin
    if source == nil { source = await package(of: path) }
    return ArtifactRecord(
      kind: kind, path: path, size: Bytes(Files.stamp(path)?.size ?? 0), sha256: digest,
      origin: source ?? "no package")
  }

  /// The file that brings an allocator; nothing for one that came without a file of its own.
  func allocator(_ library: String?, _ build: AllocatorBuild, _ recipes: SourceBuild)
    async throws(TargetsError) -> [ArtifactRecord]
  {
    guard let library else { return [] }
    let resolved = Files.resolved(library)
    var origin: String?
    if let recipe = build.recipe {
      origin = recipes.origin(of: resolved, recipe)
    } else if let package = build.pythonPackage {
      origin = PythonPackages.origin(package, tools)
    }
    return [try await record("allocator", resolved, origin: origin)]
  }

  /// Asking dpkg takes a tenth of a second, so each file is asked about once.
  private func package(of path: String) async -> String {
    if let known = packages[path] { return known }
    let owner = await DebianPackages.owners(of: [path])[path] ?? "no package"
    packages[path] = owner
    return owner
  }
}
