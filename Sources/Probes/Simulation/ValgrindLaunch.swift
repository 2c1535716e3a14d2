import Foundation
import Glibc
import Model

/// One of valgrind's tools.
enum ValgrindTool: String {
  case cachegrind
  case callgrind
}

extension CacheGeometry {
  /// What all simulations use: 32 KiB, 8 ways for instructions and data, 8 MiB, 16 ways for the last level, lines
  /// of 64 bytes. Those that valgrind finds in a virtual machine may be nonsense, and would differ between hosts.
  public static let standard = CacheGeometry(
    i1: Cache(size: Bytes(32 << 10), ways: 8, line: Bytes(64)),
    d1: Cache(size: Bytes(32 << 10), ways: 8, line: Bytes(64)),
    ll: Cache(size: Bytes(8 << 20), ways: 16, line: Bytes(64)))

  /// The arguments that tell valgrind so.
  var arguments: [String] {
    [("I1", i1), ("D1", d1), ("LL", ll)].map { name, cache in
      "--\(name)=\(cache.size.count),\(cache.ways),\(cache.line.count)"
    }
  }
}

/// How a program is run by valgrind: by our own launcher, without a shell.
struct ValgrindLaunch {
  /// Path of valgrind.
  let path: String
  /// Whether processes that the program starts are simulated too.
  let followsChildren: Bool

  /// Finds valgrind on a path.
  ///
  /// Debian's `valgrind` is a shell script that adds to the environment; what it starts stands beside it.
  /// Throws: `ProbeError.simulatorMissing`.
  init(searchPath: String, followsChildren: Bool) throws(ProbeError) {
    let folders = searchPath.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    let candidates = folders.flatMap { ["\($0)/valgrind.bin", "\($0)/valgrind"] }
    guard let found = candidates.first(where: Self.isProgram) else { throw .simulatorMissing }
    path = found
    self.followsChildren = followsChildren
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  /// The same program under a tool, which writes into a folder.
  func launch(_ program: LaunchSpec, under tool: ValgrindTool, into folder: String) -> LaunchSpec {
    // Valgrind takes `%` in file names for a beginning of its own placeholders.
    let base = folder.replacing("%", with: "%%")
    var launch = program
    launch.executable = path
    launch.arguments =
      ["valgrind", "--tool=\(tool.rawValue)", "--command-line-only=yes", "--vgdb=no", "--cache-sim=yes"]
      + CacheGeometry.standard.arguments
      + ["--\(tool.rawValue)-out-file=\(base)/out.%p", "--log-file=\(base)/log.%p"]
      + (tool == .callgrind ? ["--dump-line=no"] : [])
      + (followsChildren ? ["--trace-children=yes"] : [])
      + [program.executable] + program.arguments.dropFirst()
    launch.environment = ValgrindLaunch.environment(of: program)
    launch.withoutStops = true
    return launch
  }

  /// The variable that pads the environment, as in trials.
  private static let pad = "HEAPSCALE_PAD"
  /// Bytes of arguments and environment that every simulated program gets, if it has no more.
  private static let fixedSize = 16 << 10

  /// The program's environment at a fixed size, because it lies above the stack and moves it within the cache's
  /// sets. Go's preemption by signals is off: callgrind loses its stack over them, and no other program looks.
  private static func environment(of program: LaunchSpec) -> [String: String] {
    var result = program.environment
    let off = "asyncpreemptoff=1"
    let debug = result["GODEBUG"] ?? ""
    if !debug.contains("asyncpreemptoff") { result["GODEBUG"] = debug.isEmpty ? off : "\(debug),\(off)" }
    result[pad] = ""
    let variables = result.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
    let arguments = program.arguments.dropFirst().reduce(program.executable.utf8.count + 1) {
      $0 + $1.utf8.count + 1
    }
    result[pad] = String(repeating: "x", count: max(0, fixedSize - variables - arguments))
    return result
  }
}

/// A folder for the files of one simulated run, gone with it.
struct SimulationFolder: ~Copyable {
  private let folder: PrivateFolder
  var path: String { folder.path }

  /// Makes it, for this user alone.
  ///
  /// Throws: `ProbeError.system`.
  init() throws(ProbeError) {
    do {
      folder = try PrivateFolder(kind: "simulation")
    } catch {
      throw .system(call: "mkdtemp", subject: error.place, errno: error.errno)
    }
  }

  deinit { folder.remove() }

  /// More than a simulation of any size writes; of what goes on without end the beginning is read.
  static let fileLimit = 1 << 30

  /// The texts of all files of a kind, in the order of their names.
  func texts(_ prefix: String, atMost limit: Int = fileLimit) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
      ProcText.bytes("\(path)/\(name)", atMost: limit).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
