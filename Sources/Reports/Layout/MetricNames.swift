import Model

extension MetricUnit {
  /// A value in the base unit that other tools expect: nanoseconds become seconds.
  func inBaseUnit(_ value: Double) -> Double {
    // Divided, since 1e-9 is no binary fraction and would add digits.
    self == .nanoseconds ? value / 1e9 : value
  }
}

extension MetricID {
  /// The name in words joined by `-`, as web tools have it: `peak-resident`.
  var kebab: String { joined(by: "-") }

  /// The name in words joined by `_`, with nothing but ASCII letters and digits in them.
  var snake: String { joined(by: "_") }

  private func joined(by separator: String) -> String {
    let isPlain = { (byte: UInt8) in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    let words = rawValue.utf8.split { !isPlain($0) }.map { String(decoding: $0, as: UTF8.self) }
    return words.isEmpty ? "metric" : words.joined(separator: separator)
  }
}

extension Cell {
  /// A name that is the same in every session: `larson:threads=4,seed=1 glibc/preload/jemalloc tight`.
  var stableName: String {
    let set = settings.name == SettingsSet.none.name ? "" : " " + settings.name
    return Visible.text("\(subject.description) \(variant.shortName)\(set)")
  }
}

extension Summary {
  /// As it is handed to tools that know no `< 0.5 MiB`: below the resolution it is the resolution, so that they see
  /// no change where the instrument saw none.
  func resolved(by definition: MetricDefinition) -> Summary {
    Summary(
      median: definition.resolved(median), low: low.map(definition.resolved),
      high: high.map(definition.resolved),
      note: definition.isBelowResolution(median)
        ? [note, "below the instrument's resolution of \(definition.resolutionText ?? "")"].compactMap(\.self)
          .joined(separator: "; ") : note)
  }
}

extension SessionResult {
  /// The figures of one metric with their cells, for other tools (`resolved`), in the order of the plan; cells without one are
  /// left out.
  func figures(of id: MetricID) -> [(
    cell: CellResult, metric: MetricResult, summary: Summary, origin: Provenance
  )] {
    cells.compactMap { cell in
      guard let metric = cell.metric(id), case .figure(let summary, let origin) = metric.reading(in: cell)
      else {
        return nil
      }
      return (cell, metric, summary.resolved(by: metric.definition), origin)
    }
  }
}
