import Model

/// Figures as people read them: three to four significant digits and a unit that fits.
public enum FigureText {
  /// A value of a metric, e.g. `12.3 MiB`, `850 µs`, `1.23M/s`, `4096`, `1.07`.
  public static func text(_ value: Double, unit: MetricUnit) -> String {
    switch unit {
    case .bytes: scaled(value, .bytes)
    case .seconds: value == 0 ? "0 s" : scaled(value * 1e9, .time)
    case .nanoseconds: scaled(value, .time)
    case .perSecond: scaled(value, .rate)
    case .count: scaled(value, .count)
    case .ratio: scaled(value, .ratio)
    }
  }

  /// A value of a metric, or `< 0.5 MiB` where it is below what the instrument resolves.
  static func text(_ value: Double, of definition: MetricDefinition) -> String {
    guard definition.isBelowResolution(value), let limit = definition.resolutionText else {
      return text(value, unit: definition.unit)
    }
    return "< " + limit
  }

  /// A number of bytes, e.g. `12.3 MiB`.
  public static func text(_ bytes: Bytes) -> String { scaled(Double(bytes.count), .bytes) }

  /// A length of time, e.g. `850 µs`.
  public static func text(_ time: Nanoseconds) -> String { scaled(Double(time.count), .time) }

  /// How many times the reference, e.g. `0.80×`.
  public static func ratio(_ value: Double) -> String { digits(value) + "×" }

  /// The wider side of an interval around the median, in per cent of it, as benchstat does: `±3%`.
  ///
  /// Absolute where the median is zero, since nothing is a share of nothing.
  public static func spread(_ summary: Summary, unit: MetricUnit) -> String? {
    guard let low = summary.low, let high = summary.high else { return nil }
    let half = max(high - summary.median, summary.median - low)
    if half <= 0 { return "±0%" }
    if summary.median == 0 { return "±" + text(half, unit: unit) }
    let percent = (half / summary.median.magnitude * 100)
    if percent < 0.5 { return "±<1%" }
    return percent >= 999.5 ? "±>999%" : "±\(Int(nearest: percent))%"
  }

  /// A unit with its larger steps.
  private struct Scale {
    let suffixes: [String]
    var step = 1000.0
    /// From here on the first suffix gives way to the second.
    var firstLimit = 1000.0
    /// Whether whole numbers below `firstLimit` stand without decimals.
    var keepsWhole = false

    static let bytes = Scale(
      suffixes: [" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"], step: 1024, firstLimit: 1024,
      keepsWhole: true)
    static let time = Scale(suffixes: [" ns", " µs", " ms", " s"])
    static let rate = Scale(suffixes: ["/s", "k/s", "M/s", "G/s", "T/s", "P/s"])
    static let count = Scale(
      suffixes: ["", "k", "M", "G", "T", "P"], firstLimit: 10_000, keepsWhole: true)
    static let ratio = Scale(suffixes: [""])
  }

  private static func scaled(_ value: Double, _ scale: Scale) -> String {
    var amount = value
    var limit = scale.firstLimit
    var index = 0
    if amount == 0 || (scale.keepsWhole && amount == amount.rounded() && amount.magnitude < limit) {
      return "\(Int(amount))" + scale.suffixes[0]
    }
    // Rounded, so that 999.95 becomes 1.00k and not 1000.
    while index + 1 < scale.suffixes.count, amount.magnitude.rounded() >= limit {
      amount /= scale.step
      limit = scale.step
      index += 1
    }
    return digits(amount) + scale.suffixes[index]
  }

  /// Three significant digits, more only for whole numbers above 999. What would round to zero says so.
  static func digits(_ value: Double) -> String {
    let magnitude = value.magnitude
    guard magnitude < 1e15 else { return "\(value)" }
    let sign = value < 0 ? "-" : ""
    for (decimals, power) in [(2, 100.0), (1, 10.0)] {
      let units = (magnitude * power).rounded()
      guard units < 1000 else { continue }
      if units == 0 && magnitude > 0 { return value < 0 ? ">-0.01" : "<0.01" }
      return sign + fixed(Int(nearest: units), decimals: decimals)
    }
    return sign + "\(Int(nearest: magnitude))"
  }

  private static func fixed(_ units: Int, decimals: Int) -> String {
    let text = String(units)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - text.count)) + text
    return "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }
}
