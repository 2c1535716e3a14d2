import Model

/// Environment variables given as --set NAME=VALUE.
enum Assignments {
  /// Reads them in order.
  ///
  /// Throws: `InputError` for another form and for a variable that is set twice.
  static func parse(_ assignments: [String]) throws(InputError) -> [EnvironmentAssignment] {
    var result: [EnvironmentAssignment] = []
    for text in assignments {
      guard let equals = text.firstIndex(of: "="), EnvironmentAssignment.isVariable(String(text[..<equals]))
      else {
        throw InputError(
          "--set '\(text)' is not of the form NAME=VALUE", hint: "for example --set MALLOC_CONF=narenas:1")
      }
      guard !result.contains(where: { $0.variable == text[..<equals] }) else {
        throw InputError("\(text[..<equals]) is set twice", hint: "write all its keys in one value")
      }
      result.append(
        EnvironmentAssignment(
          variable: String(text[..<equals]), value: String(text[text.index(after: equals)...])))
    }
    return result
  }
}
