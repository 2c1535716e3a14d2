import OrderedCollections

/// Numbers for reasons: the same reason is one footnote.
struct Footnotes {
  private var texts: OrderedSet<String> = []

  /// The mark of a reason, e.g. `²`.
  mutating func mark(_ reason: String) -> String {
    Footnotes.superscript(texts.append(reason).index + 1)
  }

  /// All of them with their marks.
  var all: [(mark: String, text: String)] {
    texts.enumerated().map { (Footnotes.superscript($0.offset + 1), $0.element) }
  }

  private static func superscript(_ number: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(number).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
