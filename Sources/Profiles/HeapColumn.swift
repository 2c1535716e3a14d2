import Model

/// The columns of heap profiles: the same names whoever wrote the file.
enum HeapColumn: String, CaseIterable {
  case liveObjects = "live_objects"
  case liveBytes = "live_bytes"
  case allocatedObjects = "allocated_objects"
  case allocatedBytes = "allocated_bytes"

  private var meaning: String {
    switch self {
    case .liveObjects: "objects that were allocated and not freed when the profile was written"
    case .liveBytes: "bytes of objects that were allocated and not freed when the profile was written"
    case .allocatedObjects: "objects allocated since the start, freed or not"
    case .allocatedBytes: "bytes allocated since the start, freed or not"
    }
  }

  private var unit: MetricUnit {
    switch self {
    case .liveObjects, .allocatedObjects: .count
    case .liveBytes, .allocatedBytes: .bytes
    }
  }

  /// What pprof calls it: `go tool pprof -inuse_space` finds it by this name.
  var pprofName: String {
    switch self {
    case .liveObjects: "inuse_objects"
    case .liveBytes: "inuse_space"
    case .allocatedObjects: "alloc_objects"
    case .allocatedBytes: "alloc_space"
    }
  }

  /// The column; `how` says how the program recorded it.
  func column(_ provenance: Provenance, how: String) -> StackProfile.Column {
    StackProfile.Column(
      name: rawValue, unit: unit, provenance: provenance, explanation: "\(meaning); \(how)")
  }
}
