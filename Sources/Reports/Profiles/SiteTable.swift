import Model

/// Call sites in columns of a terminal, each with its callers below.
struct SiteTable {
  private let profile: StackProfile
  private let choice: ProfileChoice
  private let list: CallSites
  private let most: Int?
  private let options: ReportOptions
  private let paint: Paint
  /// Room that a call site's name needs at least.
  private static let leastName = 30
  /// Call sites that are shown, and the part that each must have, when nobody asks for a number of them.
  private static let usual = 10
  private static let leastShare = 0.005

  /// Prepares the table; without `most`, small call sites are summed up.
  init(_ profile: StackProfile, choice: ProfileChoice, most: Int?, options: ReportOptions) {
    self.profile = profile
    self.choice = choice
    self.most = most
    self.options = options
    paint = Paint(isOn: options.colour)
    list = CallSites(profile, choice: choice)
  }

  /// Head, rule, call sites, and how many are not shown.
  var lines: [String] {
    guard let first = choice.columns.first, !list.sites.isEmpty else {
      return ["", "No stack was recorded."]
    }
    // A place that has nothing of the column tells nothing; the largest stays, so that the table is never empty.
    let least = most == nil ? SiteTable.leastShare : 0
    let telling = list.sites.enumerated().filter {
      $0.offset == 0 || choice.isTelling($0.element.values[first], first, least: least)
    }
    let shown = telling.prefix(max(1, most ?? SiteTable.usual)).map(\.element)
    let columns = fitting(shown)
    let widths = columns.map { width($0, shown) }
    let head = zip(columns, widths).map { DisplayWidth.padStart(title($0), to: $1) }
    let start = "  " + DisplayWidth.padStart("share", to: 7) + "  " + head.joined(separator: "  ") + "  "
    let indent = DisplayWidth.of(start)
    let callers = CallerText(list.tree, column: first, width: options.width)
    var lines = [
      "", paint(start + "call site", .faint),
      paint("  " + String(repeating: "─", count: max(0, options.width - 2)), .faint),
    ]
    for site in shown {
      let figures = zip(columns, widths).map {
        DisplayWidth.padStart(choice.text(site.values[$0], $0), to: $1)
      }
      let name = DisplayWidth.truncate(Visible.text(site.frame.words), to: max(10, options.width - indent))
      lines.append(
        "  " + DisplayWidth.padStart(site.share ?? "—", to: 7) + "  " + figures.joined(separator: "  ") + "  "
          + paint(name, .heading))
      lines += callers.lines(below: site.node, indent: indent).map { paint($0, .faint) }
    }
    return lines + rest(after: shown.count, columns, first)
  }

  private func rest(after count: Int, _ columns: [Int], _ first: Int) -> [String] {
    let hidden = list.sites.dropFirst(count)
    var lines: [String] = []
    if !hidden.isEmpty {
      let sum = hidden.reduce(0) { $0 + $1.values[first] }
      let share = choice.share(sum, first).map { ", \($0)" } ?? ""
      lines.append(
        "  … and \(hidden.count) more call site\(hidden.count == 1 ? "" : "s"): \(choice.text(sum, first))\(share)"
      )
    }
    let missing = choice.columns.dropFirst(columns.count).map { Visible.text(profile.columns[$0].name) }
    if !missing.isEmpty {
      let text = "not shown for want of width: \(missing.joined(separator: ", "))"
      lines += Wrap.lines(text, width: options.width, lead: "  ", hang: 4)
    }
    return lines
  }

  /// As many columns as leave room for the names; the first always stays.
  private func fitting(_ sites: [CallSites.Site]) -> [Int] {
    var used = 11 + SiteTable.leastName
    return choice.columns.enumerated().prefix { index, column in
      used += width(column, sites) + 2
      return index == 0 || used <= options.width
    }.map(\.element)
  }

  private func width(_ column: Int, _ sites: [CallSites.Site]) -> Int {
    sites.reduce(DisplayWidth.of(title(column))) {
      max($0, DisplayWidth.of(choice.text($1.values[column], column)))
    }
  }

  private func title(_ column: Int) -> String {
    let column = profile.columns[column]
    return column.provenance.mark + DisplayWidth.truncate(Visible.text(column.name), to: 24)
  }
}
