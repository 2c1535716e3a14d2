import Glibc

/// Where heapscale finds its workloads and allocators, and where it keeps what it makes.
public struct DataFolder: Hashable, Sendable {
  /// The folder with workloads, allocators and plans: `…/Workloads`.
  public let workloads: String
  /// The git checkout that the binary was built in; nil for an installed one.
  public let checkout: String?
  /// Toolchains and allocators that heapscale fetched or built.
  public let tools: String
  /// Programs built from workloads; may be removed at any time.
  public let cache: String
  /// Stores, baselines and reports.
  public let results: String
  /// The running binary, links resolved.
  public let executable: String

  /// Files that every workload is built with.
  public var support: String { workloads + "/support" }
  /// One file for each allocator.
  public var allocators: String { workloads + "/allocators" }
  /// One file for each plan.
  public var plans: String { workloads + "/plans" }

  /// Finds the folders for an executable in an environment.
  ///
  /// Workloads stand in `$HEAPSCALE_DATA/Workloads`, else in `../share/heapscale/Workloads` beside the
  /// executable, else in the checkout around it. `$HEAPSCALE_TOOLS`, `$HEAPSCALE_CACHE` and
  /// `$HEAPSCALE_RESULTS` come before the checkout's `.tools`, `.cache` and `Results`, and those before the
  /// user's XDG folders.
  /// Throws: `TargetsError.dataFolderMissing` with every folder that was looked at; `file` for a cache or tools that
  /// others may write into, since programs there are run.
  public static func locate(environment: [String: String], executable: String) throws(TargetsError)
    -> DataFolder
  {
    let binary = Files.resolved(executable)
    let installed = parentFolder(parentFolder(binary)) + "/share/heapscale"
    let checkout = holdsWorkloads(installed) ? nil : checkoutAround(binary)
    let roots = [environment["HEAPSCALE_DATA"].flatMap(nonEmpty)].compactMap(\.self)
    // A folder that the user names is not silently replaced by another one.
    let candidates = roots.isEmpty ? [installed] + [checkout].compactMap(\.self) : roots
    guard let root = candidates.first(where: holdsWorkloads) else {
      throw TargetsError.dataFolderMissing(
        searched: candidates + (roots.isEmpty && checkout == nil ? ["the folders above \(binary)"] : []))
    }
    let places = Places(environment: environment, checkout: checkout)
    let folder = DataFolder(
      workloads: root + "/Workloads", checkout: checkout,
      tools: try places.folder(toolsVariable, ".tools", "XDG_DATA_HOME", ".local/share", "/tools"),
      cache: try places.folder(cacheVariable, ".cache", "XDG_CACHE_HOME", ".cache", ""),
      results: try places.folder("HEAPSCALE_RESULTS", "Results", "XDG_STATE_HOME", ".local/state", ""),
      executable: binary)
    try TrustedPlace(variable: cacheVariable).check(folder.cache)
    // Tools are unpacked by pip and others, which follow the user's file mode creation mask.
    try TrustedPlace(variable: toolsVariable).check(folder.tools, byGroup: true)
    return folder
  }

  /// Names the folder of programs that are built.
  static let cacheVariable = "HEAPSCALE_CACHE"
  /// Names the folder of toolchains and allocators.
  static let toolsVariable = "HEAPSCALE_TOOLS"

  private static func holdsWorkloads(_ folder: String) -> Bool {
    Files.exists(folder + "/Workloads/support/workload.h")
  }

  private static func checkoutAround(_ binary: String) -> String? {
    var folder = parentFolder(binary)
    while folder != "/" && folder != "." {
      if holdsWorkloads(folder) { return folder }
      folder = parentFolder(folder)
    }
    return nil
  }
}

private func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

/// Chooses between a variable, the checkout and the user's folders (XDG Base Directory Specification 0.8).
private struct Places {
  let environment: [String: String]
  let checkout: String?

  func folder(
    _ variable: String, _ inCheckout: String, _ xdg: String, _ home: String, _ suffix: String
  ) throws(TargetsError) -> String {
    if let path = environment[variable].flatMap(nonEmpty) { return path }
    if let checkout { return "\(checkout)/\(inCheckout)" }
    // The specification says that a relative path is to be ignored.
    if let base = environment[xdg], base.hasPrefix("/") { return "\(base)/heapscale\(suffix)" }
    return "\(try homeFolder())/\(home)/heapscale\(suffix)"
  }

  /// HOME, else what the user database says, else a folder of this user's own in /tmp: under a name that everybody knows,
  /// as for tmux and X, and so taken only when nobody else has made it and nobody else may enter it.
  private func homeFolder() throws(TargetsError) -> String {
    if let home = environment["HOME"], home.hasPrefix("/") { return home }
    if let entry = getpwuid(geteuid()), let home = entry.pointee.pw_dir.map({ String(cString: $0) }),
      home.hasPrefix("/"), access(home, W_OK) == 0
    {
      return home
    }
    let path = "/tmp/heapscale-\(geteuid())"
    mkdir(path, 0o700)
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0
    else {
      throw TargetsError.file(
        path: path,
        problem:
          "is to hold the cache, since there is no home folder, but is not this user's alone; set HOME, or "
          + "HEAPSCALE_CACHE, HEAPSCALE_TOOLS and HEAPSCALE_RESULTS")
    }
    return path
  }
}
