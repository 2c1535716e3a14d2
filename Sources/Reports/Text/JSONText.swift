import Model
import OrderedCollections

/// A JSON value whose objects keep the order in which they were written, so that files can be compared.
enum JSONText {
  case object([(key: String, value: JSONText)])
  case array([JSONText])
  case string(String)
  case number(Double)
  case integer(Int64)
  case unsigned(UInt64)
  case boolean(Bool)
  case null

  /// A number or null.
  static func optional(_ value: Double?) -> JSONText { value.map(JSONText.number) ?? .null }

  /// A text or null.
  static func optional(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }

  /// A list of texts.
  static func strings(_ values: [String]) -> JSONText { .array(values.map(JSONText.string)) }

  /// An object from names that others chose: of a name that stands there twice, the last value counts.
  static func dictionary(_ pairs: [(key: String, value: JSONText)]) -> JSONText {
    let unique = OrderedDictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    return .object(unique.map { ($0.key, $0.value) })
  }

  /// The text, indented by two spaces a level; lists of plain values stand on one line.
  func text(indent: String = "") -> String {
    switch self {
    case .string(let text): return JSONText.quoted(text)
    // JSON has no word for what is not finite; `Reading` keeps such values away.
    case .number(let value): return value.isFinite ? NumberText.shortest(value) : "null"
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    case .boolean(let value): return value ? "true" : "false"
    case .null: return "null"
    case .array(let values):
      if values.allSatisfy(\.isPlain) { return "[\(values.map { $0.text() }.joined(separator: ", "))]" }
      return JSONText.block(values.map { $0.text(indent: indent + "  ") }, "[", "]", indent: indent)
    case .object(let pairs):
      let lines = pairs.map { JSONText.quoted($0.key) + ": " + $0.value.text(indent: indent + "  ") }
      return JSONText.block(lines, "{", "}", indent: indent)
    }
  }

  private var isPlain: Bool {
    switch self {
    case .object, .array, .string: false
    default: true
    }
  }

  private static func block(_ lines: [String], _ open: String, _ close: String, indent: String) -> String {
    guard !lines.isEmpty else { return open + close }
    let inner = indent + "  "
    return "\(open)\n\(inner)\(lines.joined(separator: ",\n" + inner))\n\(indent)\(close)"
  }

  /// RFC 8259. What cannot be seen and `<` are escaped too: harmless on a terminal and within a web page.
  private static func quoted(_ text: String) -> String {
    let body = text.mappingScalars { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      default:
        // A byte that is no text: the reader sees `\xff`, as in a terminal.
        ByteText.byte(of: scalar).map { "\\\\x" + String($0, radix: 16) }
          ?? (scalar == "<" || Visible.isHidden(scalar) ? escaped(scalar) : nil)
      }
    }
    return "\"\(body)\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}
