/// What can go wrong between a variant's name and a program that can be measured.
public enum TargetsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No folder with workloads and allocators was found.
  case dataFolderMissing(searched: [String])
  /// A file or folder could not be read or written.
  case file(path: String, problem: String)
  /// A tool that is needed is not there.
  case toolMissing(tool: String, install: String)
  /// A variant cannot be built here.
  case variantMissing(variant: String, reason: String)
  /// A compiler refused a workload, or a step of a recipe failed. `output` holds its first lines.
  case commandFailed(doing: String, command: [String], status: String, output: String)
  /// A file is not the kind of program or library that is needed.
  case notELF(path: String, problem: String)
  /// A user's command does not exist.
  case commandNotFound(command: String, searched: String)
  /// Preloading a library into a program cannot work.
  case notPreloadable(path: String, reason: String)
  /// The sources of an allocator cannot be fetched.
  case sourceMissing(package: String, reason: String)

  /// The user stopped it.
  case interrupted(doing: String)

  /// What happened, to what, and what to do next.
  public var description: String {
    lacksRoom
      ? words
        + "\nthere is no room left: free some on the file system of the build cache and on that of temporary files, or put "
        + "them elsewhere (HEAPSCALE_CACHE, TMPDIR)"
      : words
  }

  /// Whether it failed because a file system or a quota is full, by what the kernel or a tool says of it (in locale C).
  public var lacksRoom: Bool {
    let words = words.lowercased()
    return ["no space left on device", "disk quota exceeded"].contains { words.contains($0) }
  }

  private var words: String {
    switch self {
    case .dataFolderMissing(let searched):
      "the workloads are nowhere to be found (looked for Workloads/support/workload.h in "
        + "\(searched.joined(separator: ", "))); set HEAPSCALE_DATA to the folder that holds Workloads"
    case .file(let path, let problem): "\(path): \(problem)"
    case .toolMissing(let tool, let install): "\(tool) is not installed; \(install)"
    case .variantMissing(let variant, let reason): "\(variant) cannot be built here: \(reason)"
    case .commandFailed(let doing, let command, let status, let output):
      "\(doing) failed (\(status)): \(command.joined(separator: " "))"
        + (output.isEmpty ? "" : "\n\(output)")
    case .notELF(let path, let problem): "\(path): \(problem)"
    case .commandNotFound(let command, let searched):
      "there is no program '\(command)' (\(searched)); give its path, or check the spelling"
    case .notPreloadable(let path, let reason): "\(path): \(reason)"
    case .sourceMissing(let package, let reason):
      "the sources of \(package) cannot be had: \(reason)"
    case .interrupted(let doing): "interrupted while \(doing)"
    }
  }
}
