import Model

/// What changed from one profile to another, by stack.
///
/// Stacks are the same when their functions are, in files of the same base name: addresses, lines and folders change
/// from build to build. For each column that both have there are three: the change, what was before, and what is now.
public enum ProfileDifference {
  /// What is appended to the names of columns.
  public static let beforeSuffix = "_before"
  /// What is appended to the names of columns.
  public static let afterSuffix = "_after"

  /// The difference. Labels have no part in it.
  ///
  /// Throws: `ProfilesError.differentKinds` when they have no column in common.
  public static func between(_ before: StackProfile, _ after: StackProfile, title: String)
    throws(ProfilesError) -> StackProfile
  {
    let pairs = after.columns.enumerated().compactMap { index, column in
      before.columns.firstIndex { $0.name == column.name && $0.unit == column.unit }
        .map { (before: $0, after: index) }
    }
    guard !pairs.isEmpty else {
      throw .differentKinds(
        before: before.columns.map(\.name).joined(separator: ", "),
        after: after.columns.map(\.name).joined(separator: ", "))
    }
    let columns = pairs.flatMap { pair in
      ProfileDifference.columns(before.columns[pair.before], after.columns[pair.after])
    }
    // Go's text names no files.
    let hasFiles = [before, after].allSatisfy { profile in profile.frames.contains { !$0.object.isEmpty } }
    // Frames of the later profile stand for both.
    var frames: [Name: Frame] = [:]
    for frame in after.frames + before.frames {
      let name = Name(frame, hasFiles: hasFiles)
      if frames[name] == nil { frames[name] = plain(frame) }
    }
    var builder = StackProfileBuilder(title: title, columns: columns)
    for (profile, isAfter) in [(before, false), (after, true)] {
      for sample in profile.samples {
        let stack = sample.stack.compactMap { index in
          profile.frames.indices.contains(index)
            ? frames[Name(profile.frames[index], hasFiles: hasFiles)] : nil
        }
        let values = pairs.flatMap { pair -> [Double] in
          let index = isAfter ? pair.after : pair.before
          let value = sample.values.indices.contains(index) ? sample.values[index] : 0
          return isAfter ? [0, 0, value] : [0, value, 0]
        }
        builder.add(folded(stack), values: values)
      }
    }
    var notes: [String] = []
    for note in before.notes + after.notes where !notes.contains(note) { notes.append(note) }
    let left = (before.columns + after.columns).map(\.name)
      .filter { name in !pairs.contains { after.columns[$0.after].name == name } }
    if !left.isEmpty { notes.append("only one of the two profiles has " + left.joined(separator: ", ")) }
    if columns.contains(where: { $0.provenance == .sampled }) {
      notes.append("figures are scaled up from samples: a change of a few sampled objects may be chance")
    }
    var result = builder.finished(notes: notes)
    for sample in result.samples.indices {
      for column in stride(from: 0, to: columns.count, by: 3) {
        let (was, now) = (
          result.samples[sample].values[column + 1], result.samples[sample].values[column + 2]
        )
        // Sums of the same parts in another order are the same.
        let isSame = (now - was).magnitude <= max(was.magnitude, now.magnitude) * 1e-9
        result.samples[sample].values[column] = isSame ? 0 : now - was
      }
    }
    return result
  }

  private struct Name: Hashable {
    let function: String
    let file: Substring
    let role: Frame.Role

    init(_ frame: Frame, hasFiles: Bool) {
      function = frame.role == .allocator ? Frame.allocatorName : frame.function
      file = frame.role == .allocator || !hasFiles ? "" : frame.object.split(separator: "/").last ?? ""
      role = frame.role
    }
  }

  private static func columns(_ before: StackProfile.Column, _ after: StackProfile.Column)
    -> [StackProfile.Column]
  {
    let provenance = before.provenance == .counted ? after.provenance : before.provenance
    var change = after
    change.provenance = provenance
    change.explanation = "change of: " + after.explanation
    change.baseColumn = after.name + beforeSuffix
    var first = before
    first.name += beforeSuffix
    first.explanation = "before: " + before.explanation
    var second = after
    second.name += afterSuffix
    second.explanation = "now: " + after.explanation
    return [change, first, second]
  }

  private static func plain(_ frame: Frame) -> Frame {
    if frame.role == .allocator { return Frame(function: Frame.allocatorName, object: "", role: .allocator) }
    return Frame(function: frame.function, object: frame.object, role: frame.role)
  }

  /// Neighbours inside the allocator as one: how it is built inside changes, too.
  private static func folded(_ stack: [Frame]) -> [Frame] {
    var result: [Frame] = []
    for frame in stack where frame.role != .allocator || result.last?.role != .allocator {
      result.append(frame)
    }
    return result
  }
}
