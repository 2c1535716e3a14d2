import Model

/// Which code is the allocator's: what is called by an allocation entry point, and everything in the allocator's own
/// library. Sampled stacks, heap profiles and simulations go by the same rule.
///
/// The rule needs no list of an allocator's inner functions: whatever malloc calls is inside malloc.
public struct AllocatorCode: Hashable, Sendable {
  /// Beginnings of the file names of the allocator's shared libraries, e.g. `libjemalloc.so`; never libc's.
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
    if owns(frame.object) { return .own }
    if functions.contains(where: { AllocatorCode.matches(frame.function, $0) }) { return .own }
    return AllocatorCode.isSystem(frame.object) ? .system : .other
  }

  /// Whether a function is one by which programs allocate and free.
  func isEntryPoint(_ function: String) -> Bool {
    let name = AllocatorCode.withoutParameters(function)
    return AllocationEntryPoints.contain(name) || entryPoints.contains(String(name))
  }

  /// Whether a file holds nothing but the allocator.
  func owns(_ object: String) -> Bool {
    let file = AllocatorCode.fileName(object)
    return libraries.contains { file.hasPrefix($0) }
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
