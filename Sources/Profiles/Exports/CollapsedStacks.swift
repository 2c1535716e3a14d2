import Model

/// Stacks one a line, outermost frame first, for flamegraph.pl and every tool that reads its input.
///
///     main;run;touch 4096
///
/// A name's `;` becomes `:`, line ends and other control codes become spaces, so that a line has its frames and no
/// others. Values are whole numbers; stacks whose value is 0 are left out, as the tools do. Of a difference both values
/// stand behind the stack, before and now: flamegraph.pl draws a differential flame graph of them (difffolded.pl).
/// Source: github.com/brendangregg/FlameGraph, "stackcollapse".
public enum CollapsedStacks {
  /// The lines of one column, in the order of the profile; nil when the profile has no such column.
  public static func text(_ profile: StackProfile, column name: String) -> String? {
    guard let column = profile.columns.firstIndex(where: { $0.name == name }) else { return nil }
    guard let base = profile.columns.firstIndex(where: { $0.name == profile.columns[column].baseColumn })
    else { return lines(profile) { [$0[column]] } }
    return lines(profile) { [$0[base], $0[base] + $0[column]] }
  }

  private static func lines(_ profile: StackProfile, _ chosen: ([Double]) -> [Double]) -> String {
    let names = profile.frames.map { CollapsedStacks.name($0.function) }
    // Stacks that differ in lines of source only are one here.
    var order: [String] = []
    var sums: [String: [Double]] = [:]
    for sample in profile.samples where sample.values.count == profile.columns.count {
      let stack = sample.stack.reversed().map { names.indices.contains($0) ? names[$0] : "[unknown]" }
      let line = stack.isEmpty ? "[unknown]" : stack.joined(separator: ";")
      let values = chosen(sample.values)
      if let before = sums[line] {
        sums[line] = zip(before, values).map(+)
      } else {
        order.append(line)
        sums[line] = values
      }
    }
    return order.compactMap { line -> String? in
      let values = (sums[line] ?? []).map { Int64(exactly: $0.rounded()) }
      guard !values.contains(nil), values.contains(where: { $0 != 0 }) else { return nil }
      return "\(line) \(values.compactMap { $0.map(String.init) }.joined(separator: " "))\n"
    }.joined()
  }

  private static func name(_ function: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in function.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
      default: result.append(scalar == ";" ? ":" : scalar)
      }
    }
    return result.isEmpty ? "[unknown]" : String(result)
  }
}
