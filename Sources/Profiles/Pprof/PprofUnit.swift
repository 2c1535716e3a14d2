import Model

/// Units as pprof names them.
enum PprofUnit {
  /// The name under which a viewer knows how to print the values.
  static func name(_ unit: MetricUnit) -> String {
    switch unit {
    case .bytes: "bytes"
    case .seconds: "seconds"
    case .nanoseconds: "nanoseconds"
    case .perSecond: "per_second"
    case .count: "count"
    case .ratio: "ratio"
    }
  }

  /// The unit of a name, and by how much values are multiplied to be in it. Unknown names are counts.
  static func unit(_ name: String) -> (unit: MetricUnit, factor: Double) {
    switch name {
    case "bytes", "byte", "B": (.bytes, 1)
    case "kilobytes", "kb", "kB", "KB": (.bytes, 1024)
    case "megabytes", "mb", "MB": (.bytes, 1024 * 1024)
    case "nanoseconds", "ns": (.nanoseconds, 1)
    case "microseconds", "us": (.nanoseconds, 1000)
    case "milliseconds", "ms": (.nanoseconds, 1e6)
    case "seconds", "s": (.seconds, 1)
    case "per_second": (.perSecond, 1)
    case "ratio": (.ratio, 1)
    default: (.count, 1)
    }
  }
}
