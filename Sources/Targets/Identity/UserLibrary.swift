import Model

extension AllocatorSpec {
  /// An allocator that is a shared library of the user's own, to be preloaded.
  ///
  /// Its id is the file's name without `.so` and version. Throws: `TargetsError.notELF` or `notPreloadable`
  /// with the reason why preloading it could not replace malloc.
  public static func userLibrary(path: String) throws(TargetsError) -> AllocatorSpec {
    let resolved = Files.resolved(path)
    let file = try ELFFile(path: resolved)
    func refuse(_ reason: String) -> TargetsError { .notPreloadable(path: path, reason: reason) }
    guard file.isSharedObject, file.interpreter == nil else { throw refuse("is no shared library") }
    guard file.machine == Toolchains.machine else {
      throw refuse("is built for \(file.machine), this machine is \(Toolchains.machine)")
    }
    for name in ["malloc", "free"] where try !file.exports(name) {
      throw refuse(
        "does not define \(name), so preloading it changes nothing; some allocators ship a second "
          + "library for that (such as libtbbmalloc_proxy)")
    }
    try requirePreloadable(resolved)
    return AllocatorSpec(
      id: AllocatorID(identifier(for: path)), title: path, explanation: "A library of the user's own.",
      builds: ["glibc/preload": AllocatorBuild(libraries: [resolved])],
      marks: AllocatorMarks(files: [resolved], symbols: [], signature: []), environment: [])
  }

  /// The path of a library without links, as mappings and catalogued libraries are compared with it.
  public static func resolvedLibrary(_ path: String) -> String { Files.resolved(path) }

  /// ld.so(8): LD_PRELOAD is separated by spaces and colons, and has no escape for them.
  static func requirePreloadable(_ path: String) throws(TargetsError) {
    if path.contains(where: { $0 == " " || $0 == ":" }) {
      throw TargetsError.notPreloadable(
        path: path, reason: "LD_PRELOAD cannot name a path with a space or a colon; link or copy it elsewhere"
      )
    }
  }

  /// The name of a file as an identifier: without `.so`, version and what may not stand in one.
  static func identifier(for path: String) -> String {
    let name = lastComponent(path)
    let stem = name.range(of: ".so").map { String(name[..<$0.lowerBound]) } ?? name
    let safe = String(
      stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" })
    let trimmed = String(safe.drop { $0 == "-" || $0 == "_" }.prefix(64))
    return Identifier.isValid(trimmed) ? trimmed : "library"
  }
}
