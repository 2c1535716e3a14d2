import Foundation

/// How the allocator's code is recognised among the functions of a simulated program.
///
/// Its entry points are the functions that C, POSIX and C++ name, under the prefixes that libraries put before
/// them, and those of `entries`. What counts as inside the allocator is worked out from the calls: an entry point
/// and all code of `files` wholly; any other function to the share in which it was called from such code, by
/// instructions, as gprof spreads time over callers. So `memset` counts as far as calloc calls it, and the
/// dynamic linker's own start-up not at all. One rule for libc's malloc, linked and preloaded ones.
public struct SimulatedAllocator: Hashable, Sendable {
  /// Beginnings of the names of files all whose code is the allocator's, e.g. `libjemalloc.so`; never libc's.
  public var files: [String]
  /// Entry points besides those of C, POSIX and C++, e.g. `runtime.mallocgc`.
  public var entries: Set<String>
  /// Whether one of `files` must have been executed: a preload that failed silently is found out by this.
  public var mustRun: Bool

  /// States how the allocator is recognised; by default its entry points alone.
  public init(files: [String] = [], entries: Set<String> = [], mustRun: Bool = false) {
    self.files = files
    self.entries = entries
    self.mustRun = mustRun
  }

  private static let names: Set = [
    "malloc", "free", "calloc", "realloc", "reallocarray", "aligned_alloc", "memalign", "posix_memalign",
    "valloc", "pvalloc", "cfree", "free_sized", "free_aligned_sized", "malloc_usable_size", "malloc_trim",
  ]
  /// glibc and musl, gperftools, mimalloc, jemalloc, tbbmalloc.
  private static let prefixes = ["__libc_", "__", "tc_", "mi_", "je_", "scalable_", ""]

  /// Whether a function is called by programs to allocate or to free.
  func isEntry(_ name: String) -> Bool {
    if entries.contains(name) || name.hasPrefix("operator new") || name.hasPrefix("operator delete") {
      return true
    }
    return SimulatedAllocator.prefixes.contains { prefix in
      name.hasPrefix(prefix) && SimulatedAllocator.names.contains(String(name.dropFirst(prefix.count)))
    }
  }

  /// Whether a file holds nothing but the allocator.
  func owns(_ object: String) -> Bool {
    let name = object.split(separator: "/").last ?? ""
    return files.contains { name.hasPrefix($0) }
  }
}

/// To which share each function worked for the allocator.
struct AllocatorShares {
  private let shares: [CallgrindFunction: Double]

  /// Works the shares out from the calls of a run.
  init(_ run: CallgrindFile, code: SimulatedAllocator) {
    var shares: [CallgrindFunction: Double] = [:]
    var callers: [CallgrindFunction: [(caller: CallgrindFunction, cost: Double)]] = [:]
    for (arc, cost) in run.arcs where cost > 0 && arc.caller != arc.callee {
      callers[arc.callee, default: []].append((arc.caller, Double(cost)))
    }
    for function in Set(run.functions.keys).union(callers.keys)
    where code.owns(function.object) || code.isEntry(function.name) {
      shares[function] = 1
      callers[function] = nil
    }
    // Calls may go in circles, so that the shares are approached in rounds.
    let others = callers.sorted { ($0.key.name, $0.key.object) < ($1.key.name, $1.key.object) }
    for _ in 0..<AllocatorShares.rounds {
      var change = 0.0
      for (function, arcs) in others {
        let all = arcs.reduce(0) { $0 + $1.cost }
        let allocators = arcs.reduce(0) { $0 + $1.cost * (shares[$1.caller] ?? 0) }
        let share = all > 0 ? allocators / all : 0
        change = max(change, abs(share - (shares[function] ?? 0)))
        shares[function] = share
      }
      if change < 1e-9 { break }
    }
    self.shares = shares
  }

  /// More rounds than chains of calls are deep in practice.
  private static let rounds = 200

  /// The share of a function, 0 to 1.
  subscript(function: CallgrindFunction) -> Double { shares[function] ?? 0 }
}
