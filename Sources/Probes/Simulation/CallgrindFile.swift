/// A function of a program, as callgrind names it.
struct CallgrindFunction: Hashable, Sendable {
  /// The file it lies in.
  var object: String
  /// Its name; `0x…` where no symbol covers it.
  var name: String

  /// Whether no symbol covers it.
  var isUnknown: Bool { name.hasPrefix("0x") || name == CachegrindFile.unknown }
}

/// What callgrind counted: events in each function's own code, and who called whom.
struct CallgrindFile: Sendable {
  /// A call from one function to another.
  struct Arc: Hashable, Sendable {
    var caller: CallgrindFunction
    var callee: CallgrindFunction
  }

  /// Events in each function's own code.
  var functions: [CallgrindFunction: RawCosts] = [:]
  /// Instructions executed during the calls of each arc, callees included.
  var arcs: [Arc: Int64] = [:]
  /// The whole run.
  var total = RawCosts()
  /// The program that wrote it, e.g. `callgrind-3.19.0`.
  var creator = ""

  /// Nothing.
  init() {}

  /// Reads a file's text.
  ///
  /// Throws: `ProbeError.unreadableSimulation`, also for a file that was cut off.
  init(parsing text: String) throws(ProbeError) {
    var reader = CallgrindReader()
    self = try reader.read(text)
  }

  /// Adds another process of the same run.
  mutating func add(_ other: CallgrindFile) {
    for (function, costs) in other.functions { functions[function, default: RawCosts()] += costs }
    for (arc, cost) in other.arcs { arcs[arc, default: 0] &+= cost }
    total += other.total
    if creator.isEmpty { creator = other.creator }
  }

  /// What was counted here and not in a shorter run.
  func subtracting(_ other: CallgrindFile) -> CallgrindFile {
    var result = CallgrindFile()
    for function in Set(functions.keys).union(other.functions.keys) {
      result.functions[function] =
        (functions[function] ?? RawCosts()) - (other.functions[function] ?? RawCosts())
    }
    for arc in Set(arcs.keys).union(other.arcs.keys) {
      result.arcs[arc] = (arcs[arc] ?? 0) &- (other.arcs[arc] ?? 0)
    }
    result.total = total - other.total
    result.creator = creator
    return result
  }
}
