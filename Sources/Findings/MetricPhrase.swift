import Model

/// How sentences speak of a metric: `uses 18 % less peak resident`.
struct MetricPhrase {
  /// What a cell does with it.
  let verb: String
  /// The metric without article.
  let noun: String
  /// The comparatives.
  let less: String
  let more: String

  init(_ metric: MetricDefinition) {
    let known = MetricPhrase.known[metric.id]
    verb = known?.verb ?? "has"
    noun = known?.noun ?? metric.title
    switch metric.unit {
    case .bytes, .seconds: (less, more) = ("less", "more")
    case .count, .perSecond: (less, more) = ("fewer", "more")
    case .nanoseconds, .ratio: (less, more) = ("lower", "higher")
    }
  }

  /// Metrics whose heading is too short for a sentence; others are called by it.
  private static let known: [MetricID: (verb: String, noun: String)] = [
    "peak_resident": ("uses", "peak resident"),
    "mean_resident": ("uses", "mean resident"),
    "retained_resident": ("keeps", "retained resident"),
    "peak_live": ("uses", "peak live bytes"),
    "cpu": ("uses", "CPU"),
    "cpu_user": ("uses", "user CPU"),
    "cpu_system": ("uses", "system CPU"),
    "wall": ("takes", "wall time"),
    "throughput": ("does", "operations per second"),
    "time_per_op": ("takes", "CPU per operation"),
    "residence_half_life": ("has", "residence half-life"),
    "switches_voluntary": ("has", "voluntary context switches"),
    "switches_involuntary": ("has", "involuntary context switches"),
  ]
}
