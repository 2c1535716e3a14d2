/// The form of a heap profile that a program writes by itself.
public enum HeapProfileFormat: String, Codable, Sendable, CaseIterable {
  /// gperftools' text (HEAPPROFILE), and sampled heaps of TCMalloc.
  case gperftools
  /// jemalloc's text (prof:true).
  case jemalloc
  /// Protocol buffers (perftools.profiles), as Go's runtime/pprof writes them.
  case pprof
  /// Go's text (`/debug/pprof/heap?debug=1`).
  case goText = "go-text"
}

/// How an allocator is made to write a profile of its heap, as its file says under `heap_profile`.
public struct HeapProfiling: Hashable, Sendable {
  /// What it writes.
  public var format: HeapProfileFormat
  /// What is added to the environment; `{prefix}` stands for the beginning of the files' paths. A value that begins
  /// with a comma is added to what the variable holds already.
  public var environment: [EnvironmentAssignment]
  /// The `libc/linkage` pairs in which it can; empty for all builds.
  public var worksWith: [String]

  /// States how.
  public init(format: HeapProfileFormat, environment: [EnvironmentAssignment], worksWith: [String] = []) {
    self.format = format
    self.environment = environment
    self.worksWith = worksWith
  }

  /// Whether programs of a variant can.
  public func works(with variant: Variant) -> Bool {
    worksWith.isEmpty || worksWith.contains("\(variant.libc.rawValue)/\(variant.linkage.rawValue)")
  }

  /// An environment with which the program writes its profile to files that begin with `prefix`.
  public func adding(to environment: [String: String], prefix: String) -> [String: String] {
    var result = environment
    for addition in self.environment {
      let value = addition.value.replacing("{prefix}", with: prefix)
      if value.hasPrefix(",") {
        result[addition.variable] = result[addition.variable].map { $0 + value } ?? String(value.dropFirst())
      } else {
        result[addition.variable] = value
      }
    }
    return result
  }
}
