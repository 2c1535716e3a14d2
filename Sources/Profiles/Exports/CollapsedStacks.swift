import Model

/// Stacks one a line, outermost frame first, for flamegraph.pl and every tool that reads its input.
///
///     main;run;touch 4096
///
/// A name's `;` becomes `:`, line ends and other control codes become spaces, so that a line has its frames and no
/// others. Values are whole numbers; stacks whose value is 0 are left out, as the tools do.
/// Source: github.com/brendangregg/FlameGraph, "stackcollapse".
public enum CollapsedStacks {
  /// The lines of one column, in the order of the profile; nil when the profile has no such column.
  public static func text(_ profile: StackProfile, column name: String) -> String? {
    guard let column = profile.columns.firstIndex(where: { $0.name == name }) else { return nil }
    let names = profile.frames.map { CollapsedStacks.name($0.function) }
    // Stacks that differ in lines of source only are one here.
    var order: [String] = []
    var sums: [String: Double] = [:]
    for sample in profile.samples where sample.values.indices.contains(column) {
      let stack = sample.stack.reversed().map { names.indices.contains($0) ? names[$0] : "[unknown]" }
      let line = stack.isEmpty ? "[unknown]" : stack.joined(separator: ";")
      if sums[line] == nil { order.append(line) }
      sums[line, default: 0] += sample.values[column]
    }
    return order.compactMap { line -> String? in
      guard let value = Int64(exactly: (sums[line] ?? 0).rounded()), value != 0 else { return nil }
      return "\(line) \(value)\n"
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
