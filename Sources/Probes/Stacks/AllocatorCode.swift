import Model

/// Which code is the allocator's: what is seen in a stack from an allocation entry point inwards, and everything in
/// the allocator's own library.
///
/// The rule needs no list of an allocator's inner functions: whatever malloc calls is inside malloc.
public struct AllocatorCode: Hashable, Sendable {
  /// Beginnings of the file names of the allocator's shared libraries, e.g. `libjemalloc.so`.
  public var libraries: [String]
  /// Functions that are the allocator's without an entry point above them, such as background threads; a trailing
  /// `*` stands for any ending.
  public var functions: [String]
  /// Entry points besides those that every allocator has, by their demangled names without parameters.
  public var entryPoints: Set<String>

  /// States an allocator's code; without arguments only the usual entry points count.
  public init(libraries: [String] = [], functions: [String] = [], entryPoints: Set<String> = []) {
    self.libraries = libraries
    self.functions = functions
    self.entryPoints = entryPoints
  }

  /// What a function means for the question.
  enum Kind: Hashable {
    case entryPoint
    case own
    /// A library that allocators themselves call.
    case system
    case other
  }

  /// Gives the role `.allocator` to the frames that are the allocator's; the innermost frame comes first.
  public func mark(_ frames: inout [Frame]) { AllocatorCode.mark(&frames, kinds: frames.map(kind)) }

  /// The same with kinds that are known already.
  static func mark(_ frames: inout [Frame], kinds: [Kind]) {
    func isOwn(_ kind: Kind) -> Bool { kind == .entryPoint || kind == .own }
    guard let innermost = kinds.firstIndex(where: isOwn) else { return }
    let outermost = innermost + kinds[innermost...].prefix(while: isOwn).count - 1
    // Inside an entry point everything is the allocator's. Inside another function of its library only what libc
    // does for it is: a thread that it started may run the program's code.
    guard
      kinds[innermost...outermost].contains(.entryPoint) || kinds[..<innermost].allSatisfy({ $0 == .system })
    else { return }
    for index in 0...outermost { frames[index].role = .allocator }
  }

  /// What a frame's function is.
  func kind(of frame: Frame) -> Kind {
    if isEntryPoint(frame.function) { return .entryPoint }
    let file = AllocatorCode.fileName(frame.object)
    if libraries.contains(where: { file.hasPrefix($0) }) { return .own }
    if functions.contains(where: { AllocatorCode.matches(frame.function, $0) }) { return .own }
    return AllocatorCode.isSystem(frame.object) ? .system : .other
  }

  /// Whether a function is one by which programs allocate and free.
  func isEntryPoint(_ function: String) -> Bool {
    let name = AllocatorCode.withoutParameters(function)
    return AllocationEntryPoints.contain(name) || entryPoints.contains(String(name))
  }

  private static func matches(_ function: String, _ pattern: String) -> Bool {
    pattern.hasSuffix("*") ? function.hasPrefix(pattern.dropLast()) : function == pattern
  }

  /// `operator new(unsigned long)` without the parenthesis.
  private static func withoutParameters(_ function: String) -> Substring {
    function.firstIndex(of: "(").map { function[..<$0] } ?? function[...]
  }

  private static func fileName(_ path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
  }

  /// The libraries that allocators themselves call.
  private static func isSystem(_ object: String) -> Bool {
    let file = fileName(object)
    return object == "[vdso]"
      || ["libc.so", "libc-", "ld-", "libpthread", "libstdc++", "libm."].contains { file.hasPrefix($0) }
  }
}

/// Functions by which programs allocate and free.
enum AllocationEntryPoints {
  /// Whether a function's name without parameters is one of them.
  static func contain(_ name: Substring) -> Bool {
    if whole.contains(String(name)) { return true }
    var rest = name
    for prefix in prefixes where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
    return usual.contains(String(rest))
  }

  /// C (malloc(3), posix_memalign(3), C23), and jemalloc's own.
  private static let usual: Set<String> = [
    "malloc", "calloc", "realloc", "reallocarray", "free", "cfree", "memalign", "aligned_alloc",
    "posix_memalign", "valloc", "pvalloc", "free_sized", "free_aligned_sized", "malloc_trim",
    "malloc_usable_size", "mallocx", "rallocx", "xallocx", "dallocx", "sdallocx",
    // tc_new and its relatives, mi_new
    "new", "delete", "newarray", "deletearray", "new_n", "delete_sized", "deletearray_sized",
  ]
  private static let whole: Set<String> = [
    "operator new", "operator new[]", "operator delete", "operator delete[]",
    // Go's heap
    "runtime.mallocgc", "runtime.newobject", "runtime.makeslice", "runtime.growslice", "runtime.newarray",
    "runtime.makemap", "runtime.makechan", "runtime.rawstring", "runtime.rawbyteslice",
  ]
  /// Names under which libraries define the same functions; glibc's are `__GI___libc_malloc` and the like.
  private static let prefixes = ["__GI_", "__libc_", "__", "tc_", "je_", "mi_", "scalable_"]
}
