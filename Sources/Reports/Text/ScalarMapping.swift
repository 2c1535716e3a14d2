extension String {
  /// The text with some scalars replaced; nil keeps one.
  ///
  /// By scalars, since a mark that combines would hide `|` or `<` in a `Character` that equals neither.
  func mappingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let text = replacement(scalar) {
        result.append(contentsOf: text.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
