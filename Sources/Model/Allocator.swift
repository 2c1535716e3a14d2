/// How an allocator gets into a program in one libc and linkage, as its file under
/// `Workloads/allocators/` says.
public struct AllocatorBuild: Hashable, Sendable {
  /// Arguments for the linker, e.g. `-ltcmalloc_minimal`.
  public var link: [String]
  /// Names or paths of the library to preload or to link, in order of preference.
  public var libraries: [String]
  /// The Debian package that brings it.
  public var package: String?
  /// The PyPI package that brings it.
  public var pythonPackage: String?
  /// How it is built from source when no package has it.
  public var recipe: SourceRecipe?

  /// States how an allocator gets in.
  public init(
    link: [String] = [], libraries: [String] = [], package: String? = nil, pythonPackage: String? = nil,
    recipe: SourceRecipe? = nil
  ) {
    self.link = link
    self.libraries = libraries
    self.package = package
    self.pythonPackage = pythonPackage
    self.recipe = recipe
  }
}

/// How to build an allocator's static library from a Debian source package.
public struct SourceRecipe: Hashable, Sendable {
  /// The Debian source package.
  public var sourcePackage: String
  /// Which toolchain compiles it: `zig-musl` or `musl-gcc`.
  public var toolchain: String
  /// Debian packages of the tools it needs.
  public var tools: [String]
  /// Commands by argument vector, run one after another in the source folder.
  public var steps: [[String]]
  /// Path of the archive in the source folder.
  public var product: String

  /// States a recipe.
  public init(
    sourcePackage: String, toolchain: String, tools: [String], steps: [[String]], product: String
  ) {
    self.sourcePackage = sourcePackage
    self.toolchain = toolchain
    self.tools = tools
    self.steps = steps
    self.product = product
  }
}

/// How an allocator is recognised in a file or a process.
public struct AllocatorMarks: Hashable, Sendable {
  /// Beginnings of the file names of its shared libraries, e.g. `libjemalloc.so`.
  public var files: [String]
  /// Symbols that only its static library defines.
  public var symbols: [String]
  /// Bytes that stand in every program it is linked into, also in stripped ones.
  public var signature: [UInt8]
  /// Allocators whose marks stand in this one as well, because it holds the same code and more.
  public var includes: [AllocatorID]
  /// Functions besides those of C, POSIX and C++ that programs enter it by, e.g. `runtime.mallocgc`.
  public var entries: [String]

  /// States the marks.
  public init(
    files: [String], symbols: [String], signature: [UInt8], includes: [AllocatorID] = [],
    entries: [String] = []
  ) {
    self.files = files
    self.symbols = symbols
    self.signature = signature
    self.includes = includes
    self.entries = entries
  }
}

/// An allocator, as its file under `Workloads/allocators/` describes it.
public struct AllocatorSpec: Hashable, Sendable {
  /// The file's name without suffix.
  public var id: AllocatorID
  /// Its usual name.
  public var title: String
  /// What is worth knowing about it, in a sentence or two.
  public var explanation: String
  /// How it gets in, by `libc/linkage`.
  public var builds: [String: AllocatorBuild]
  /// How it is recognised.
  public var marks: AllocatorMarks
  /// Environment variables it reads; a trailing `*` stands for any ending. Cleared unless a setting sets them.
  public var environment: [String]
  /// Its settings, with what holds for all of them.
  public var settings: SettingTable
  /// How it is made to write a profile of its heap; nil when it cannot.
  public var heapProfiling: HeapProfiling?

  /// Describes an allocator.
  public init(
    id: AllocatorID, title: String, explanation: String, builds: [String: AllocatorBuild],
    marks: AllocatorMarks, environment: [String], settings: SettingTable = .init(),
    heapProfiling: HeapProfiling? = nil
  ) {
    self.id = id
    self.title = title
    self.explanation = explanation
    self.builds = builds
    self.marks = marks
    self.environment = environment
    self.settings = settings
    self.heapProfiling = heapProfiling
  }

  /// Whether it serves malloc; a runtime's own heap, such as Go's, never does.
  public var servesMalloc: Bool { !builds.keys.contains { $0.hasPrefix("\(Libc.none.rawValue)/") } }

  /// How it gets into programs of a variant; nil when it does not.
  public func build(for variant: Variant) -> AllocatorBuild? {
    let way = "\(variant.libc.rawValue)/\(variant.linkage.rawValue)"
    guard let build = builds[way] else { return nil }
    // Go's linker hands over to a C compiler: an archive that needs Zig's C++ library is out of its reach.
    let isForGo = Self.waysOfGo.contains(way) && build.recipe?.toolchain != "zig-musl"
    return variant.cgo != true || isForGo ? build : nil
  }

  /// Go programs with cgo are dynamic on glibc, static on either; dynamic musl is not built.
  private static let waysOfGo: Set = ["glibc/dynamic", "glibc/static", "glibc/preload", "musl/static"]
}
