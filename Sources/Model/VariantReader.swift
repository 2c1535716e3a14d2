/// Takes the written form of a variant apart.
struct VariantReader {
  private let text: String
  private let architecture: String?
  private let cgo: Bool?
  /// What stands before the fourth part and the architecture.
  private let parts: [String]

  private static let suffixes = ["cgo": true, "nocgo": false]

  init(_ text: String) throws(InputError) {
    self.text = text
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    var parts = halves[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    architecture = halves.count == 2 ? String(halves[1]) : nil
    cgo = parts.count > 2 ? parts.last.flatMap { Self.suffixes[$0] } : nil
    if cgo != nil { parts.removeLast() }
    if parts.count == 4 {
      throw InputError.unknown(
        "fourth part", parts[3], among: Self.suffixes.keys.sorted(), in: "variant '\(text)'")
    }
    guard parts.count == 2 || parts.count == 3 else {
      throw InputError(
        "variant '\(text)' is not of the form LIBC/LINKAGE/ALLOCATOR",
        hint: "for example glibc/dynamic, musl/static, glibc/preload/jemalloc, or glibc/dynamic/cgo for Go")
    }
    self.parts = parts
  }

  /// The variant, when its parts go together.
  func variant() throws(InputError) -> Variant {
    let libc = try part(0, "libc", Libc.self)
    let linkage = try part(1, "linkage", Linkage.self)
    let own = libc == .none ? Variant.pureGo.allocator.rawValue : libc.rawValue
    let allocator = parts.count == 3 ? parts[2] : own
    guard Identifier.isValid(allocator) else {
      throw InputError("variant '\(text)': '\(allocator)' is not an allocator's name")
    }
    if let architecture, !Identifier.isValid(architecture) {
      throw InputError("variant '\(text)': '\(architecture)' is not an architecture")
    }
    let variant = Variant(
      libc: libc, linkage: linkage, allocator: AllocatorID(allocator),
      cgo: libc == .none && cgo == nil ? false : cgo, foreignArchitecture: architecture)
    try checkGo(variant)
    if linkage == .preload && variant.usesLibcAllocator {
      throw InputError(
        "variant '\(text)': a libc's own allocator cannot be preloaded",
        hint: "write \(libc.rawValue)/dynamic" + (cgo == true ? "/cgo" : ""))
    }
    return variant
  }

  private func part<T: RawRepresentable & CaseIterable>(_ index: Int, _ kind: String, _ type: T.Type)
    throws(InputError) -> T where T.RawValue == String
  {
    guard let value = T(rawValue: parts[index]) else {
      throw InputError.unknown(kind, parts[index], among: T.allCases.map(\.rawValue), in: "variant '\(text)'")
    }
    return value
  }

  /// No C library, no cgo and Go's own heap: each of the three stands for the other two.
  private func checkGo(_ variant: Variant) throws(InputError) {
    let pure = Variant.pureGo
    if variant.libc == .none {
      if variant.cgo == true {
        throw InputError(
          "variant '\(text)': cgo needs a C library", hint: "write glibc/dynamic/cgo or musl/static/cgo")
      }
      guard variant.linkage == pure.linkage else {
        throw InputError(
          "variant '\(text)': a program without C library is static, and LD_PRELOAD has no effect on it",
          hint: "write none/static")
      }
      guard variant.allocator == pure.allocator else {
        throw InputError(
          "variant '\(text)': a program without C library has no malloc that \(variant.allocator) could serve",
          hint: "write none/static, or glibc/dynamic/\(variant.allocator)/cgo")
      }
    } else if variant.cgo == false {
      throw InputError(
        "variant '\(text)': a Go program without cgo holds no C library", hint: "write none/static")
    } else if variant.allocator == pure.allocator {
      throw InputError(
        "variant '\(text)': Go's heap never serves malloc",
        hint:
          "write none/static for a Go program without C, or \(variant.libc.rawValue)/dynamic/cgo for one with"
      )
    }
  }
}
