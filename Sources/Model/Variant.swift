/// A C library that target programs are built against.
public enum Libc: String, Codable, Sendable, CaseIterable {
  /// The GNU C library.
  case glibc
  /// musl.
  case musl
}

/// How the allocator gets into the program.
public enum Linkage: String, Codable, Sendable, CaseIterable {
  /// Linked as a shared library.
  case dynamic
  /// Linked into a static executable.
  case `static`
  /// Loaded into the plain dynamic program by `LD_PRELOAD`.
  case preload
}

/// The name of an allocator, which is also the name of its file under `Workloads/allocators/`.
public struct AllocatorID: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The name, e.g. `tcmalloc-minimal`.
  public let rawValue: String

  /// Wraps a name.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// Wraps a literal name.
  public init(stringLiteral value: String) { rawValue = value }

  /// Orders by name.
  public static func < (left: AllocatorID, right: AllocatorID) -> Bool { left.rawValue < right.rawValue }

  /// The bare name.
  public var description: String { rawValue }

  /// Stored as the bare name.
  public init(from decoder: any Decoder) throws { rawValue = try String(from: decoder) }

  /// Stored as the bare name.
  public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

/// libc × linkage × allocator (× architecture where foreign): what a workload is built as.
///
/// Written `glibc/dynamic/tcmalloc-minimal`. A libc's own allocator may be left out: `musl/static`
/// is `musl/static/musl`. A foreign architecture is a suffix: `musl/static/musl@aarch64`.
public struct Variant: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// The C library.
  public let libc: Libc
  /// How the allocator gets in.
  public let linkage: Linkage
  /// What serves malloc.
  public let allocator: AllocatorID
  /// The architecture when it is not the host's.
  public let foreignArchitecture: String?

  /// Puts the parts together.
  public init(libc: Libc, linkage: Linkage, allocator: AllocatorID, foreignArchitecture: String? = nil) {
    self.libc = libc
    self.linkage = linkage
    self.allocator = allocator
    self.foreignArchitecture = foreignArchitecture
  }

  /// Reads the written form.
  ///
  /// Throws: `InputError` that names the part that is wrong and what could stand there.
  public init(parsing text: String) throws(InputError) {
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 || parts.count == 3 else {
      throw InputError(
        "variant '\(text)' is not of the form LIBC/LINKAGE/ALLOCATOR",
        hint: "for example glibc/dynamic, musl/static or glibc/preload/jemalloc")
    }
    guard let libc = Libc(rawValue: parts[0]) else {
      throw InputError.unknown(
        "libc", parts[0], among: Libc.allCases.map(\.rawValue), in: "variant '\(text)'")
    }
    guard let linkage = Linkage(rawValue: parts[1]) else {
      throw InputError.unknown(
        "linkage", parts[1], among: Linkage.allCases.map(\.rawValue), in: "variant '\(text)'")
    }
    let allocator = parts.count == 3 ? parts[2] : libc.rawValue
    guard Identifier.isValid(allocator) else {
      throw InputError("variant '\(text)': '\(allocator)' is not an allocator's name")
    }
    if halves.count == 2, !Identifier.isValid(String(halves[1])) {
      throw InputError("variant '\(text)': '\(halves[1])' is not an architecture")
    }
    if linkage == .preload && allocator == libc.rawValue {
      throw InputError(
        "variant '\(text)': a libc's own allocator cannot be preloaded",
        hint: "write \(libc.rawValue)/dynamic")
    }
    self.init(
      libc: libc, linkage: linkage, allocator: AllocatorID(allocator),
      foreignArchitecture: halves.count == 2 ? String(halves[1]) : nil)
  }

  /// The written form, always with the allocator.
  public var description: String {
    "\(libc.rawValue)/\(linkage.rawValue)/\(allocator)" + (foreignArchitecture.map { "@\($0)" } ?? "")
  }

  /// Whether the C library's own allocator serves malloc.
  public var usesLibcAllocator: Bool { allocator.rawValue == libc.rawValue }

  /// Orders by the written form.
  public static func < (left: Variant, right: Variant) -> Bool { left.description < right.description }

  /// Read from the written form.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: String(from: decoder))
  }

  /// Stored in the written form.
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

/// Names that may become file names: letters, digits, `-`, `_` and `.`, not at the start, at most 64.
public enum Identifier {
  /// Whether the name is safe to use as one path component.
  public static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 64 else { return false }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    return isAlphanumeric(first)
      && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
  }
}
