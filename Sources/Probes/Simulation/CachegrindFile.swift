/// What cachegrind counted, by function.
///
/// The format (cg_annotate reads the same): `desc:`, `cmd:` and `events:` lines, then `fl=` and `fn=` lines, each
/// followed by lines of a line number and the events in that order, and `summary:` with the sums at the end.
struct CachegrindFile: Sendable {
  /// What it calls code without a symbol.
  static let unknown = "???"

  /// Events in each function's own code. Functions of one name in several files are one.
  private(set) var functions: [String: RawCosts] = [:]
  /// The whole run.
  private(set) var total = RawCosts()

  /// Nothing.
  init() {}

  /// Reads a file's text.
  ///
  /// Throws: `ProbeError.unreadableSimulation`, also for a file that was cut off.
  init(parsing text: String) throws(ProbeError) {
    var order: EventOrder?
    var name = CachegrindFile.unknown
    var summary: RawCosts?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty || line.hasPrefix("desc:") || line.hasPrefix("cmd:") || line.hasPrefix("fl=")
        || line.hasPrefix("fi=") || line.hasPrefix("fe=")
      {
        continue
      } else if line.hasPrefix("events:") {
        order = EventOrder(line.dropFirst(7).split(separator: " "))
      } else if line.hasPrefix("fn=") {
        name = String(line.dropFirst(3))
      } else {
        let isSummary = line.hasPrefix("summary:")
        let fields = line.split(separator: " ")
        guard let costs = order?.costs(fields.dropFirst()), isSummary || Int(fields[0]) != nil else {
          throw CachegrindFile.bad("line \(number + 1) is '\(line.prefix(60))'")
        }
        if isSummary { summary = costs } else { add(costs, to: name) }
      }
    }
    guard let summary else { throw CachegrindFile.bad("it was cut off: 'summary:' is missing") }
    guard summary == total else { throw CachegrindFile.bad("its lines do not add up to its summary") }
  }

  /// Adds another process of the same run.
  mutating func add(_ other: CachegrindFile) {
    for (name, costs) in other.functions { add(costs, to: name) }
  }

  private mutating func add(_ costs: RawCosts, to name: String) {
    functions[name, default: RawCosts()] += costs
    total += costs
  }

  /// What was counted here and not in a shorter run.
  func subtracting(_ other: CachegrindFile) -> CachegrindFile {
    var result = CachegrindFile()
    for name in Set(functions.keys).union(other.functions.keys) {
      result.add((functions[name] ?? RawCosts()) - (other.functions[name] ?? RawCosts()), to: name)
    }
    return result
  }

  private static func bad(_ detail: String) -> ProbeError {
    .unreadableSimulation(file: "cachegrind.out", detail: detail)
  }
}
