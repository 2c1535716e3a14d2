import Model

/// Finds an allocator's library on this machine.
struct LibraryFinder: Sendable {
  /// What `uname -m` says, which is also what library folders and file names are called after.
  let machine: String
  /// heapscale's tools folder.
  let tools: String

  /// The first of the names that exists, in the order of the file; links are kept, since a name such as
  /// `libjemalloc.so.2` is what people know.
  func find(_ build: AllocatorBuild, libc: Libc) -> String? {
    for name in build.libraries {
      let filled = fill(name)
      if filled.contains("/") {
        if let path = Files.matching(filled).last { return path }
      } else if let path = folders(libc).map({ "\($0)/\(filled)" }).first(where: Files.exists) {
        return path
      }
    }
    return nil
  }

  /// A text with `{arch}` and `{tools}` replaced.
  func fill(_ text: String) -> String {
    text.replacing("{arch}", with: machine).replacing("{tools}", with: tools)
  }

  /// The folders of the libc's linker, in its order (ld.so.conf of Debian, musl's default path).
  private func folders(_ libc: Libc) -> [String] {
    switch libc {
    case .glibc:
      [
        "/usr/local/lib/\(machine)-linux-gnu", "/usr/local/lib", "/usr/lib/\(machine)-linux-gnu",
        "/lib/\(machine)-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib", "/lib",
      ]
    case .none: []
    case .musl: ["/usr/lib/\(machine)-linux-musl", "/lib/\(machine)-linux-musl", "/lib", "/usr/lib/musl/lib"]
    }
  }
}
