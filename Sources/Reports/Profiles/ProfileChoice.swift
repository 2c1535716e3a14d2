import Model

/// Which columns of a profile are shown, and the words for them.
struct ProfileChoice {
  /// The columns' numbers: the one that decides the order, then the others.
  let columns: [Int]
  /// Sums of all columns of the profile.
  let totals: [Double]
  private let profile: StackProfile
  /// How the column is called that has the values after a change.
  private static let afterSuffix = "_after"

  /// Puts a named column first.
  ///
  /// Throws: `ReportError.unknownColumn`.
  init(_ profile: StackProfile, first name: String?) throws(ReportError) {
    self.profile = profile
    totals = profile.totals
    let all = Array(profile.columns.indices)
    guard let name else {
      columns = all
      return
    }
    guard let first = profile.columns.firstIndex(where: { $0.name == name }) else {
      throw .unknownColumn(name, known: profile.columns.map(\.name))
    }
    // Before and after stand beside their change.
    let base = profile.columns[first].baseColumn
    let near = all.filter { index in
      let other = profile.columns[index].name
      return base != nil && (other == base || other == name + ProfileChoice.afterSuffix)
    }
    columns = [first] + near + all.filter { $0 != first && !near.contains($0) }
  }

  /// A value as people read it, e.g. `64.0 MiB`.
  func text(_ value: Double, _ column: Int) -> String {
    guard value.isFinite else { return "—" }
    return ProfileChoice.text(
      value, unit: profile.columns[column].unit, isChange: profile.columns[column].baseColumn != nil)
  }

  /// A value; a change has its sign, e.g. `+64.0 MiB`.
  static func text(_ value: Double, unit: MetricUnit, isChange: Bool) -> String {
    (isChange && value > 0 ? "+" : "") + FigureText.text(value, unit: unit)
  }

  /// The part of the column's sum, e.g. `97.4 %`, of a change the part of what was before; nil when that is nothing.
  func share(_ value: Double, _ column: Int) -> String? {
    ProfileChoice.share(value, of: whole(of: column))
  }

  /// The sum of which a column's values are parts.
  func whole(of column: Int) -> Double {
    let base = profile.columns.firstIndex { $0.name == profile.columns[column].baseColumn }
    return totals[base ?? column]
  }

  /// Whether a value is worth a row: that part of the whole or more, up or down.
  func isTelling(_ value: Double, _ column: Int, least share: Double) -> Bool {
    let isChange = profile.columns[column].baseColumn != nil
    return (isChange ? value.magnitude : value) > 0 && value.magnitude >= whole(of: column) * share
  }

  /// A part in per cent with one decimal.
  static func share(_ value: Double, of total: Double) -> String? {
    guard total > 0, value.isFinite, total.isFinite else { return nil }
    let tenths = (value / total * 1000).rounded()
    guard let whole = Int64(exactly: tenths) else { return nil }
    if whole == 0 && value != 0 { return value > 0 ? "<0.1 %" : ">-0.1 %" }
    // Nearly all is not all; sums of many parts differ in their last digits only.
    if whole == 1000 && value < total * (1 - 1e-9) { return ">99.9 %" }
    return "\(whole < 0 ? "-" : "")\(whole.magnitude / 10).\(whole.magnitude % 10) %"
  }

  /// What the whole is: sums with provenance, then how good the stacks are.
  var facts: [String] {
    let sums = columns.map { index in
      let column = profile.columns[index]
      return "\(column.name) \(text(totals[index], index)) (\(column.provenance.rawValue))"
    }
    guard let quality = profile.quality else { return sums }
    var facts = sums + ["\(quality.samples) samples", "\(quality.lost) lost"]
    if let share = ProfileChoice.share(Double(quality.complete), of: Double(quality.samples)) {
      facts.append("\(share) of stacks reach their root")
    }
    let period =
      switch quality.period {
      case 0: "by frequency, each with its own period"
      case 1: "every event"
      default: "one in \(quality.period) events"
      }
    return facts + [period]
  }
}

extension Frame {
  /// The base name of the file it lies in; empty when not known.
  var objectName: String { String(object.split(separator: "/").last ?? "") }

  /// The source line, e.g. `app.c:12`; nil without line information.
  var place: String? {
    guard let file = sourceFile?.split(separator: "/").last else { return nil }
    return line.map { "\(file):\($0)" } ?? String(file)
  }

  /// Function and source line for a sentence, e.g. `touch_all (app.c:12)`; without a line, the file it lies in.
  var phrase: String {
    let detail = place ?? (objectName.isEmpty ? nil : objectName)
    return detail.map { "\(function) (\($0))" } ?? function
  }

  /// Function, file and line on one line, e.g. `touch_all  app  app.c:12`. Foreign text as it is.
  var words: String {
    [function, objectName.isEmpty ? nil : objectName, place].compactMap { $0 }.joined(separator: "  ")
  }
}
