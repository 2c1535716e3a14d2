import Model

/// Functions that hand out memory inside programs: folded into `[allocator]`, so that call sites are those who asked.
///
/// A function that matches is an entry point: it and all that it calls count as the allocator's.
public struct FrameFolding {
  private let patterns: [Regex<AnyRegexOutput>]

  /// Takes regular expressions, which are looked for anywhere in a function's name, and names of known lists.
  ///
  /// Throws: `InputError` for a pattern that is none, and for an unknown list.
  public init(patterns: [String], lists: [String] = []) throws(InputError) {
    var compiled: [Regex<AnyRegexOutput>] = []
    for pattern in patterns + (try lists.map(KnownAllocators.pattern)) {
      do {
        compiled.append(try Regex(pattern))
      } catch {
        throw InputError(
          "--fold '\(pattern)' is no regular expression", hint: "write a letter such as ( or [ as \\( or \\[")
      }
    }
    self.patterns = compiled
  }

  /// Whether nothing is folded.
  public var isEmpty: Bool { patterns.isEmpty }

  /// The profile with these functions, and all that they call, inside the allocator.
  public func apply(to profile: StackProfile) -> StackProfile {
    guard !isEmpty else { return profile }
    let matches = profile.frames.map { $0.role != .unknown && contains($0.function) }
    guard matches.contains(true) else { return profile }
    var builder = StackProfileBuilder(title: profile.title, columns: profile.columns)
    for sample in profile.samples {
      var stack = sample.stack.compactMap {
        profile.frames.indices.contains($0) ? profile.frames[$0] : nil
      }
      if let first = sample.stack.firstIndex(where: { matches.indices.contains($0) && matches[$0] }) {
        // Further ones right above belong to the same request; those behind the program's own code do not.
        let more = sample.stack[first...].prefix { matches.indices.contains($0) && matches[$0] }.count
        for index in 0..<min(first + more, stack.count) { stack[index].role = .allocator }
      }
      builder.add(stack, values: sample.values, labels: sample.labels)
    }
    var result = builder.finished(quality: profile.quality, notes: profile.notes)
    result.source = profile.source
    result.period = profile.period
    return result
  }

  private func contains(_ function: String) -> Bool {
    patterns.contains { function.firstMatch(of: $0) != nil }
  }
}
