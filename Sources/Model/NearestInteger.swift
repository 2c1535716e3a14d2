extension FixedWidthInteger {
  /// The nearest integer that the type holds; 0 of what is no number.
  ///
  /// For figures, which come from outside or from a division: `Int(_:)` ends the process for one beyond its range.
  public init(nearest value: Double) {
    let whole = value.rounded()
    if whole.isNaN {
      self = 0
    } else {
      self = Self(exactly: whole) ?? (whole < 0 ? .min : .max)
    }
  }
}
