/// Something the user wrote is wrong: what, where, and what to write instead.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where it stands in a file, if it came from one.
  public struct Location: Hashable, Sendable {
    /// The file as the user named it.
    public var file: String
    /// Line, counted from 1.
    public var line: Int
    /// Column, counted from 1.
    public var column: Int

    /// Names a place in a file.
    public init(file: String, line: Int, column: Int) {
      self.file = file
      self.line = line
      self.column = column
    }
  }

  /// What is wrong.
  public var message: String
  /// What to do about it, if there is something to say.
  public var hint: String?
  /// Where it is, if it came from a file.
  public var location: Location?

  /// States what is wrong.
  public init(_ message: String, hint: String? = nil, at location: Location? = nil) {
    self.message = message
    self.hint = hint
    self.location = location
  }

  /// A name that is not among the known ones: offers the nearest, or lists them when they are few.
  public static func unknown(
    _ kind: String, _ name: String, among known: [String], in context: String? = nil,
    at location: Location? = nil
  ) -> InputError {
    let prefix = context.map { "\($0): " } ?? ""
    let hint: String
    if let near = Spelling.nearest(to: name, among: known) {
      hint = "did you mean '\(near)'?"
    } else if known.isEmpty {
      hint = "there is none to choose from"
    } else {
      hint = "known: \(known.sorted().joined(separator: ", "))"
    }
    return InputError("\(prefix)unknown \(kind) '\(name)'", hint: hint, at: location)
  }

  /// `file:line:column: message; hint`.
  public var description: String {
    let place = location.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
    return place + message + (hint.map { "; \($0)" } ?? "")
  }
}

/// Finds what a mistyped name was meant to be.
public enum Spelling {
  /// The known name with the smallest edit distance, if that is small enough to be a slip.
  public static func nearest(to name: String, among known: [String]) -> String? {
    let limit = max(1, name.count / 3)
    let scored = known.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
    return scored.filter { $0.distance <= limit }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?
      .name
  }

  /// Edit distance in which a swap of two neighbours counts once (optimal string alignment).
  static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    for i in 1...a.count {
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}
