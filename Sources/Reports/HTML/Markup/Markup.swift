/// HTML or SVG that can stand on a page: what is interpolated as text arrives as text.
///
///     let cell: Markup = "<td class=\"figure\">\(name)"
///
/// Literal parts are taken as they are, a `String` is made visible and escaped, a `Markup` goes in unchanged. So foreign
/// text cannot get onto a page in another way than as text, neither between tags nor in a quoted attribute.
struct Markup: ExpressibleByStringInterpolation, CustomStringConvertible {
  private(set) var text: String

  /// Nothing.
  init() { text = "" }

  /// Markup written by us.
  init(stringLiteral value: String) { text = value }

  /// Markup with interpolations.
  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Markup that was made elsewhere out of nothing foreign: assets, coordinates, numbers.
  init(trusted: String) { text = trusted }

  /// The markup itself, as templates put it in.
  var description: String { text }

  /// Whether there is nothing.
  var isEmpty: Bool { text.isEmpty }

  /// Adds more at the end.
  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  /// One behind the other.
  static func + (left: Markup, right: Markup) -> Markup { Markup(trusted: left.text + right.text) }

  /// The markup where it applies, else nothing.
  ///
  /// A conditional expression would make its literals texts, which arrive escaped.
  static func when(_ applies: Bool, _ markup: @autoclosure () -> Markup) -> Markup {
    applies ? markup() : Markup()
  }

  /// A name that may be broken behind its slashes.
  static func name(_ name: String) -> Markup {
    Markup(trusted: escaped(name).mappingScalars { $0 == "/" ? "/<wbr>" : nil })
  }

  /// Foreign text, visible and without any effect of its own.
  ///
  /// By scalars, since a mark that combines would hide `"` in a `Character` that equals none.
  static func escaped(_ text: String) -> String {
    Visible.text(text).mappingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: nil
      }
    }
  }

  /// How a literal with interpolations becomes markup.
  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text: String

    init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + interpolationCount * 12)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ foreign: String) { text += Markup.escaped(foreign) }

    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

    mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

    /// A figure for scripts and sorting: ten significant digits.
    mutating func appendInterpolation(figure number: Double) { text += NumberText.rounded(number) }
  }
}

extension Sequence<Markup> {
  /// All of them, with something between.
  func joined(_ separator: Markup = "") -> Markup {
    Markup(trusted: map(\.text).joined(separator: separator.text))
  }
}
