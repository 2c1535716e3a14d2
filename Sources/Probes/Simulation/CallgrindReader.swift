/// Reads callgrind's format (valgrind's manual, chapter "Callgrind Format Specification").
///
/// Names are compressed: `fn=(3) name` defines number 3, `fn=(3)` repeats it; functions, objects and files have a
/// table each. A function that calls itself goes on as `name'2`, which is made one with it here. `cfn=` and `calls=` announce a call, whose line of costs is inclusive and belongs to the arc, not to
/// the caller's own code. Positions may be relative (`+3`, `-3`, `*`) and are of no interest here.
struct CallgrindReader {
  private var result = CallgrindFile()
  private var objects: [Substring: String] = [:]
  private var names: [Substring: String] = [:]
  private var order: EventOrder?
  private var positions = 1
  private var function = CallgrindFunction(object: "", name: CachegrindFile.unknown)
  private var calledObject: String?
  private var callee: CallgrindFunction?
  private var isCall = false
  private var totals: RawCosts?

  /// Reads a whole file.
  ///
  /// Throws: `ProbeError.unreadableSimulation`.
  mutating func read(_ text: String) throws(ProbeError) -> CallgrindFile {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && !line.hasPrefix("#") {
      guard take(line) else { throw bad("line \(number + 1) is '\(line.prefix(60))'") }
    }
    guard let totals else { throw bad("it was cut off: 'totals:' is missing") }
    guard totals == result.total else { throw bad("its lines do not add up to its totals") }
    return result
  }

  private func bad(_ detail: String) -> ProbeError {
    .unreadableSimulation(file: "callgrind.out", detail: detail)
  }

  /// Takes in one line; false when it makes no sense.
  private mutating func take(_ line: Substring) -> Bool {
    guard let first = line.utf8.first else { return true }
    if CallgrindReader.startsCosts(first) { return takeCosts(line) }
    if let equals = line.firstIndex(of: "="), line[..<equals].allSatisfy(\.isLetter) {
      return takeName(line[..<equals], line[line.index(after: equals)...])
    }
    guard let colon = line.firstIndex(of: ":") else { return false }
    return takeHeader(line[..<colon], line[line.index(after: colon)...])
  }

  private static func startsCosts(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"): true
    default: false
    }
  }

  private mutating func takeHeader(_ key: Substring, _ value: Substring) -> Bool {
    switch key {
    case "creator": result.creator = String(value.drop { $0 == " " })
    case "positions": positions = value.split(separator: " ").count
    case "events":
      order = EventOrder(value.split(separator: " "))
      return order != nil
    case "totals":
      totals = order?.costs(value.split(separator: " ")[...])
      return totals != nil
    default: break
    }
    return true
  }

  private mutating func takeName(_ key: Substring, _ value: Substring) -> Bool {
    switch key {
    case "ob":
      guard let name = CallgrindReader.name(value, in: &objects) else { return false }
      function.object = name
    case "cob":
      guard let name = CallgrindReader.name(value, in: &objects) else { return false }
      calledObject = name
    case "fn":
      guard let name = CallgrindReader.name(value, in: &names) else { return false }
      function.name = CallgrindReader.withoutLevel(name)
    case "cfn":
      guard let name = CallgrindReader.name(value, in: &names) else { return false }
      callee = CallgrindFunction(
        object: calledObject ?? function.object, name: CallgrindReader.withoutLevel(name))
      calledObject = nil
    case "calls":
      isCall = callee != nil
      return isCall
    default: break  // fl, fi, fe, cfi, cfl: source files; jump, jcnd: jumps within a function
    }
    return true
  }

  private mutating func takeCosts(_ line: Substring) -> Bool {
    let fields = line.split(separator: " ")
    guard fields.count >= positions, let costs = order?.costs(fields.dropFirst(positions)) else {
      return false
    }
    if isCall, let callee {
      let arc = CallgrindFile.Arc(caller: function, callee: callee)
      result.arcs[arc, default: 0] &+= costs.instructions
      isCall = false
      self.callee = nil
    } else {
      result.functions[function, default: RawCosts()] += costs
      result.total += costs
    }
    return true
  }

  /// The name without the level of recursion at its end.
  private static func withoutLevel(_ name: String) -> String {
    guard let mark = name.lastIndex(of: "'") else { return name }
    let level = name[name.index(after: mark)...]
    return !level.isEmpty && level.allSatisfy(\.isWholeNumber) ? String(name[..<mark]) : name
  }

  /// `(3) name`, `(3)` or a bare name; nil for a number that was never defined.
  private static func name(_ text: Substring, in table: inout [Substring: String]) -> String? {
    guard text.first == "(", let end = text.firstIndex(of: ")"),
      text[text.index(after: text.startIndex)..<end].allSatisfy(\.isWholeNumber), end > text.startIndex,
      text.index(after: text.startIndex) < end
    else { return String(text) }
    let number = text[text.index(after: text.startIndex)..<end]
    let rest = text[text.index(after: end)...].drop { $0 == " " }
    if rest.isEmpty { return table[number] }
    table[number] = String(rest)
    return String(rest)
  }
}
