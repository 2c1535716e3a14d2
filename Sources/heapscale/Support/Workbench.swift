import Experiments
import Foundation
import Model
import Store
import Targets

/// What every command starts from: the data folder, the catalogue and the builder.
struct Workbench {
  let folder: DataFolder
  let catalogue: Catalogue
  let builder: Builder
  let environment: [String: String]
  /// One for a process, so that it calls one folder by one name everywhere.
  let redaction = Redaction.ofThisUser

  static func load() throws -> Workbench {
    let environment = ByteText.environment
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folder = try DataFolder.locate(environment: environment, executable: executable)
    let catalogue = try Catalogue.load(from: folder)
    return Workbench(
      folder: folder, catalogue: catalogue,
      builder: builder(folder, catalogue, environment),
      environment: environment)
  }

  /// What takes long, such as building an allocator from source, is announced on standard error.
  private static func builder(
    _ folder: DataFolder, _ catalogue: Catalogue, _ environment: [String: String]
  ) -> Builder {
    Builder(folder: folder, catalogue: catalogue, environment: environment) { Terminal.note("  \($0)") }
  }

  var resolver: PlanResolver {
    PlanResolver(workloads: catalogue.workloads, allocators: catalogue.allocators)
  }

  /// Whether a cell's program is built as its variant at all: Go programs as others than those in C.
  func runs(_ cell: Cell) -> Bool {
    guard let spec = try? catalogue.workload(cell.subject.workload) else { return !cell.variant.isGo }
    return spec.runs(as: cell.variant)
  }

  /// The same with the user's own libraries as allocators.
  func adding(libraries: [String: String]) throws -> Workbench {
    var catalogue = catalogue
    for (_, path) in libraries.sorted(by: { $0.key < $1.key }) {
      catalogue = catalogue.adding(try AllocatorSpec.userLibrary(path: path))
    }
    return Workbench(
      folder: folder, catalogue: catalogue,
      builder: Workbench.builder(folder, catalogue, environment),
      environment: environment)
  }

  /// A plan's file: what has a slash or ends in .yaml is a path, anything else the name of a plan that comes along.
  func planPath(_ name: String) throws(InputError) -> String {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return name }
    let path = "\(folder.plans)/\(name).yaml"
    guard FileManager.default.fileExists(atPath: path) else {
      if FileManager.default.fileExists(atPath: name) { return name }
      throw InputError.unknown("plan", name, among: planNames)
    }
    return path
  }

  /// Names of the plans that come along.
  var planNames: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.plans)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// Opens the store for reading, as reports are to see it.
  func openStore(_ options: StoreOptions) throws -> Store {
    try options.redaction.applied(to: openStore(options.store, mode: .readOnly), self)
  }

  /// Opens the store that the flag names, or the usual one; one of an older version is brought up to date first.
  func openStore(_ path: String?, mode: Store.Mode) throws(StoreError) -> Store {
    let path = path ?? "\(folder.results)/heapscale.sqlite"
    do {
      return try Store.open(path: path, mode: mode)
    } catch .olderSchema {
      return try Store.open(path: path, mode: .existing)
    }
  }
}

extension Redaction {
  /// Leaves out who we are and where.
  static let ofThisUser: Redaction = {
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let entry = getpwuid(geteuid())?.pointee
    return Redaction(
      host: ByteText.text(of: host), user: entry.map { ByteText.text(of: $0.pw_name) } ?? "",
      home: ByteText.environment["HOME"] ?? entry.map { ByteText.text(of: $0.pw_dir) } ?? "")
  }()
}
