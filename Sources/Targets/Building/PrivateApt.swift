/// An apt configuration of heapscale's own, so that source packages can be fetched while the system's lists and
/// settings stay as they are. Works as any user who may write the tools folder.
struct PrivateApt: Sendable {
  /// The folder that holds lists, cache and configuration.
  let folder: String

  /// Fetches a source package and unpacks it, patches applied, into `target`: the folder with the sources.
  ///
  /// Throws: `TargetsError.sourceMissing` with what apt says.
  func source(_ package: String, into target: String) async throws(TargetsError) -> String {
    try configure(package)
    if !hasLists { try await update(package) }
    var output = try await fetch(package, target)
    if !output.succeeded {
      // Lists grow old: a version that they name may be gone from the mirror.
      try await update(package)
      output = try await fetch(package, target)
    }
    guard output.succeeded,
      let sources = Files.names(in: target).map({ "\(target)/\($0)" }).first(where: Files.isFolder)
    else {
      throw TargetsError.sourceMissing(package: package, reason: "apt-get source says:\n\(lastLines(output))")
    }
    return sources
  }

  private func fetch(_ package: String, _ target: String) async throws(TargetsError) -> ToolOutput {
    for name in Files.names(in: target) { Files.remove("\(target)/\(name)") }
    return try await apt(["source", package], in: target)
  }

  private func update(_ package: String) async throws(TargetsError) {
    let output = try await apt(["update"], in: folder)
    guard hasLists else {
      throw TargetsError.sourceMissing(
        package: package,
        reason: "apt-get update brought no list of sources (offline?):\n\(lastLines(output))")
    }
  }

  private func apt(_ arguments: [String], in working: String) async throws(TargetsError) -> ToolOutput {
    // --config-file is read after the system's configuration, APT_CONFIG before it.
    try await ToolRunner.run(
      ["apt-get", "--quiet", "--config-file", folder + "/apt.conf"] + arguments, in: working,
      environment: ["DEBIAN_FRONTEND": "noninteractive"], seconds: ToolTime.recipe)
  }

  private var hasLists: Bool {
    Files.names(in: folder + "/lists").contains { $0.contains("_source_Sources") }
  }

  private func lastLines(_ output: ToolOutput) -> String {
    output.text.split(separator: "\n").suffix(6).joined(separator: "\n")
  }

  private func configure(_ package: String) throws(TargetsError) {
    guard let codename = AptSources.codename() else {
      throw TargetsError.sourceMissing(package: package, reason: "/etc/os-release names no VERSION_CODENAME")
    }
    let stanzas = AptSources.sourceStanzas(AptSources.ofThisMachine(), codename: codename)
    guard !stanzas.isEmpty else {
      throw TargetsError.sourceMissing(
        package: package, reason: "/etc/apt names no mirror for \(codename) main to take sources from")
    }
    for name in ["lists/partial", "cache/archives/partial", "sources.d"] {
      try Files.makeFolder("\(folder)/\(name)")
    }
    try Files.write(stanzas, to: folder + "/sources.d/sources.sources")
    // The sandbox user _apt could not write into a folder of root's. Hooks of the system's configuration would
    // touch the system's caches.
    try Files.write(
      """
      Dir::Etc::SourceList "/dev/null";
      Dir::Etc::SourceParts "\(folder)/sources.d";
      Dir::State::Lists "\(folder)/lists";
      Dir::Cache "\(folder)/cache";
      APT::Sandbox::User "";
      APT::Get::Only-Source "true";
      Acquire::Languages "none";
      Acquire::Retries "2";
      #clear APT::Update::Pre-Invoke;
      #clear APT::Update::Post-Invoke;
      #clear APT::Update::Post-Invoke-Success;

      """, to: folder + "/apt.conf")
  }
}
