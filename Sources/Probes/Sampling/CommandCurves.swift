import Model

/// Collects what each command of a tree holds of its curve, reading by reading.
///
/// Of many commands those that hold the most of the area under the curve keep a part of their own, the others are
/// summed. Only readings above 0 are kept, so that a thousand short-lived commands cost what they held, not a
/// thousand columns.
struct CommandCurves {
  /// So many commands have a part of their own: more shades cannot be told apart.
  static let limit = 8

  private struct Reading {
    var sample: Int
    var resident: Bytes
  }

  private var readings: [String: [Reading]] = [:]
  private var count = 0

  /// Takes one reading: resident bytes of every process, with its command. One call for each sample of the curve.
  mutating func add(_ processes: some Sequence<(command: String, resident: Bytes)>) {
    for (command, resident) in processes where resident.count > 0 {
      if let last = readings[command]?.indices.last, readings[command]?[last].sample == count {
        readings[command]?[last].resident.count &+= resident.count
      } else {
        readings[command, default: []].append(Reading(sample: count, resident: resident))
      }
    }
    count += 1
  }

  /// The parts of the curve, each with as many readings as `add` was called; nil when there is one command only.
  ///
  /// `times` are those of the samples: a reading counts for as long as it stands.
  func parts(times: [Nanoseconds]) -> [ResidentSeries.Part]? {
    guard readings.count > 1, times.count == count else { return nil }
    let areas = readings.mapValues { own in
      own.reduce(0.0) { sum, reading in
        let before = times[max(0, reading.sample - 1)]
        let after = times[min(count - 1, reading.sample + 1)]
        return sum + Double(reading.resident.count) * (after - before).seconds
      }
    }
    let order = areas.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.map(\.key)
    let largest = order.prefix(Self.limit)
    var parts = largest.map { ResidentSeries.Part(command: $0, resident: column([$0])) }
    if order.count > largest.count {
      parts.append(ResidentSeries.Part(command: nil, resident: column(order.dropFirst(largest.count))))
    }
    return parts
  }

  private func column(_ commands: some Sequence<String>) -> [Bytes] {
    var column = [Bytes](repeating: Bytes(0), count: count)
    for command in commands {
      for reading in readings[command] ?? [] { column[reading.sample].count &+= reading.resident.count }
    }
    return column
  }
}
