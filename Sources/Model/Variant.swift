/// A C library that target programs are built against.
public enum Libc: String, Codable, Sendable, CaseIterable {
  /// The GNU C library.
  case glibc
  /// musl.
  case musl
  /// None at all: a Go program without cgo makes its system calls itself.
  case none
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

/// libc × linkage × allocator (× cgo for Go programs, × architecture where foreign): what a workload is built as.
///
/// Written `glibc/dynamic/tcmalloc-minimal`. A libc's own allocator may be left out: `musl/static` is
/// `musl/static/musl`. Go programs have a fourth part: `glibc/dynamic/glibc/cgo`, or `glibc/dynamic/cgo`; without cgo
/// they hold no C library and are `none/static/go/nocgo`, or `none/static`. A foreign architecture is a suffix:
/// `musl/static/musl@aarch64`.
public struct Variant: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// The C library.
  public let libc: Libc
  /// How the allocator gets in.
  public let linkage: Linkage
  /// What serves malloc; for a Go program without cgo the Go runtime's heap, which is all it has.
  public let allocator: AllocatorID
  /// Whether a Go program calls C; nil for programs in C and C++.
  public let cgo: Bool?
  /// The architecture when it is not the host's.
  public let foreignArchitecture: String?

  /// Puts the parts together.
  public init(
    libc: Libc, linkage: Linkage, allocator: AllocatorID, cgo: Bool? = nil, foreignArchitecture: String? = nil
  ) {
    self.libc = libc
    self.linkage = linkage
    self.allocator = allocator
    self.cgo = cgo
    self.foreignArchitecture = foreignArchitecture
  }

  /// Reads the written form.
  ///
  /// Throws: `InputError` that names the part that is wrong and what could stand there.
  public init(parsing text: String) throws(InputError) {
    self = try VariantReader(text).variant()
  }

  /// A Go program without cgo: no C library, and nothing that LD_PRELOAD could reach.
  public static let pureGo = Variant(libc: .none, linkage: .static, allocator: "go", cgo: false)

  /// The written form, always with the allocator.
  public var description: String {
    let suffix = cgo.map { $0 ? "/cgo" : "/nocgo" } ?? ""
    return "\(libc.rawValue)/\(linkage.rawValue)/\(allocator)\(suffix)"
      + (foreignArchitecture.map { "@\($0)" } ?? "")
  }

  /// Whether the C library's own allocator serves malloc.
  public var usesLibcAllocator: Bool { allocator.rawValue == libc.rawValue }

  /// Whether it is for programs in Go.
  public var isGo: Bool { cgo != nil }

  /// The same for Go programs that call C; a variant that is for Go already stays as it is.
  public var forGo: Variant {
    isGo
      ? self
      : Variant(
        libc: libc, linkage: linkage, allocator: allocator, cgo: true,
        foreignArchitecture: foreignArchitecture)
  }

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
