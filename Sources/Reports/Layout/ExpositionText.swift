import Model

/// A session's figures as families of samples, in the two text formats of Prometheus.
struct ExpositionText {
  /// Which of them. They differ in escapes, in metadata and in the end.
  enum Dialect {
    /// OpenMetrics 1.0.
    case openMetrics
    /// Prometheus text format 0.0.4, as the textfile collector of its node exporter reads it.
    case prometheus
  }

  /// Samples of one name, which have to stand together.
  private struct Family {
    let name: String
    let unit: String
    let help: String
    var type = "gauge"
    let samples: [(labels: [(name: String, value: String)], value: Double)]
  }

  let result: SessionResult
  let metrics: [MetricID]
  let dialect: Dialect

  /// The whole text.
  var text: String {
    let families = [session] + metrics.flatMap(families) + [trials]
    let lines = families.filter { !$0.samples.isEmpty }.flatMap(lines)
    return (lines + (dialect == .openMetrics ? ["# EOF"] : [])).joined(separator: "\n") + "\n"
  }

  private var session: Family {
    let session = result.session
    let facts = ["cpu_model", "kernel"].compactMap { name in
      session.host.first { $0.name == name }.map { (name: name, value: $0.value) }
    }
    return Family(
      name: "heapscale_session" + (dialect == .openMetrics ? "" : "_info"), unit: "",
      help: "The session that the figures are from.", type: dialect == .openMetrics ? "info" : "gauge",
      samples: [
        (
          [
            ("session", session.id), ("started", Timestamp.iso8601(session.startedAt)),
            ("version", session.version),
          ] + facts, 1
        )
      ])
  }

  /// The medians, and the ends of their intervals where there are any.
  private func families(_ id: MetricID) -> [Family] {
    let figures = result.figures(of: id)
    guard let definition = figures.first?.metric.definition else { return [] }
    let parts: [(suffix: String, help: String, value: (Summary) -> Double?)] = [
      ("", "median over the trials", { $0.median }),
      ("_low", "lower end of the median's 95 % interval", { $0.low }),
      ("_high", "upper end of the median's 95 % interval", { $0.high }),
    ]
    let unit = ExpositionText.unit(definition.unit)
    return parts.map { part in
      Family(
        name: "heapscale_\(id.snake)\(part.suffix)" + (unit.isEmpty ? "" : "_\(unit)"), unit: unit,
        help: "\(definition.title): \(definition.explanation); \(part.help).",
        samples: figures.compactMap { figure in
          part.value(figure.summary).map { value in
            let labels = labels(figure.cell) + [("provenance", figure.origin.rawValue)]
            return (labels, definition.unit.inBaseUnit(value))
          }
        })
    }
  }

  /// Trials by outcome, so that an alarm can ask for failures.
  private var trials: Family {
    Family(
      name: "heapscale_trials", unit: "", help: "Measured trials by outcome.",
      samples: result.cells.flatMap { cell in
        cell.outcomes.map { (labels(cell) + [("outcome", $0.outcome.description)], Double($0.count)) }
      })
  }

  private func labels(_ result: CellResult) -> [(name: String, value: String)] {
    let cell = result.cell
    let parameters = cell.subject.parameters.map(\.description).joined(separator: ",")
    return [
      ("workload", cell.subject.workload), ("parameters", parameters), ("arm", cell.subject.arm ?? ""),
      ("variant", cell.variant.description), ("libc", cell.variant.libc.rawValue),
      ("linkage", cell.variant.linkage.rawValue), ("allocator", cell.variant.allocator.rawValue),
      ("settings", cell.settings.name), ("proved", result.identity.verified ? "yes" : "no"),
    ]
  }

  private func lines(_ family: Family) -> [String] {
    let sample = family.type == "info" ? family.name + "_info" : family.name
    let unit = dialect == .openMetrics && !family.unit.isEmpty ? ["# UNIT \(family.name) \(family.unit)"] : []
    return ["# TYPE \(family.name) \(family.type)"] + unit + ["# HELP \(family.name) \(help(family.help))"]
      + family.samples.map { labels, value in
        // A label without value is the same as none.
        let pairs = labels.filter { !$0.value.isEmpty }.map {
          "\($0.name)=\"\(ExpositionText.escaped($0.value))\""
        }
        return "\(sample){\(pairs.joined(separator: ","))} \(NumberText.shortest(value))"
      }
  }

  /// Prometheus knows no escape for a quotation mark here, OpenMetrics wants one.
  private func help(_ text: String) -> String {
    let escaped = ExpositionText.escaped(text)
    return dialect == .openMetrics ? escaped : escaped.replacing("\\\"", with: "\"")
  }

  /// Line ends cannot be in it: `Visible` has written them out.
  private static func escaped(_ text: String) -> String {
    Visible.text(text).mappingScalars { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\"": "\\\""
      default: nil
      }
    }
  }

  /// Base units as Prometheus names them; a count has none.
  private static func unit(_ unit: MetricUnit) -> String {
    switch unit {
    case .bytes: "bytes"
    case .seconds, .nanoseconds: "seconds"
    case .perSecond: "per_second"
    case .count: ""
    case .ratio: "ratio"
    }
  }
}
