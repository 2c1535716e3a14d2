import Model

/// Several profiles as one, for files that hold only one: every column of each, columns of one name added up.
public enum ProfileMerge {
  /// The profile with all columns; nil without profiles.
  ///
  /// A stack that one of them does not have counts as 0 there. Labels stay with their stacks. What was counted in one
  /// and sampled in another is sampled.
  public static func merged(_ profiles: [StackProfile], title: String) -> StackProfile? {
    guard let first = profiles.first else { return nil }
    guard profiles.count > 1 else { return first }
    var columns: [StackProfile.Column] = []
    var added: [String: Int] = [:]
    for column in profiles.flatMap(\.columns) {
      if let known = columns.firstIndex(where: { $0.name == column.name && $0.unit == column.unit }) {
        added[column.name, default: 1] += 1
        if columns[known].provenance == .counted { columns[known].provenance = column.provenance }
      } else {
        columns.append(column)
      }
    }
    var builder = StackProfileBuilder(title: title, columns: columns)
    for profile in profiles {
      let places = profile.columns.map { column in
        columns.firstIndex { $0.name == column.name && $0.unit == column.unit }
      }
      for sample in profile.samples {
        var values = [Double](repeating: 0, count: columns.count)
        for (place, value) in zip(places, sample.values) { if let place { values[place] += value } }
        let stack = sample.stack.compactMap {
          profile.frames.indices.contains($0) ? profile.frames[$0] : nil
        }
        builder.add(stack, values: values, labels: sample.labels)
      }
    }
    var notes: [String] = []
    for note in profiles.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    notes += columns.compactMap { column in
      added[column.name].map { "\(column.name) is the sum of \($0) profiles" }
    }
    var result = builder.finished(quality: profiles.compactMap(\.quality).first, notes: notes)
    let periods = Set(profiles.map(\.period))
    result.period = periods.count == 1 ? first.period : nil
    return result
  }
}
