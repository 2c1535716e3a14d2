import Model
import OrderedCollections

/// Cells whose curves belong into one chart.
struct CurveGroups {
  let view: SessionView

  /// A chart's worth of cells.
  struct Group {
    /// The name of the chart within the page.
    let id: String
    /// The workload.
    let title: String
    /// What all its cells have in common besides.
    let details: String
    /// The cells with their names in the legend.
    let cells: [(name: String, cell: CellResult)]
  }

  /// Of each workload the variants with the same settings, or the settings of the same variant: whichever are more.
  var all: [Group] {
    view.groups.enumerated().flatMap { number, entry -> [Group] in
      let (title, cells) = entry
      let settings = Set(cells.map(\.cell.settings.name)).count
      let joinsSettings = settings > Set(cells.map(\.cell.variant)).count
      let parts = OrderedDictionary(grouping: cells) {
        joinsSettings ? $0.cell.variant.shortName : $0.cell.settings.name
      }
      return parts.enumerated().map { place, part in
        Group(
          id: "curve-\(number + 1)-\(place + 1)", title: title,
          details: details(part.value, common: settings > 1 ? part.key : nil),
          cells: part.value.map { (name($0.cell, isSettings: joinsSettings), $0) })
      }
    }
  }

  private func name(_ cell: Cell, isSettings: Bool) -> String {
    let arm = view.hasArms ? cell.subject.arm : nil
    return [arm, isSettings ? cell.settings.name : view.variantName(of: cell)].compactMap(\.self).joined(
      separator: " · ")
  }

  private func details(_ cells: [CellResult], common: String?) -> String {
    let parameters = cells[0].cell.subject.parameters.map(\.description)
    return ([common] + parameters).compactMap(\.self).joined(separator: ", ")
  }
}
