import Mustache

/// The templates of pages: files `Assets/*.mustache`, which travel within the binary.
///
/// Each begins with `{{% CONTENT_TYPE:TEXT}}`: what goes in is `Markup`, which is escaped already, by scalars. The
/// engine's own escaping goes by characters and lets `"` through when a mark combines with it.
struct Template {
  /// What a name in a template stands for.
  enum Value {
    case markup(Markup)
    case flag(Bool)
    case list([[String: Value]])

    fileprivate var object: Any {
      switch self {
      case .markup(let markup): markup.text
      case .flag(let flag): flag
      case .list(let entries): entries.map { $0.mapValues(\.object) }
      }
    }
  }

  private let template: MustacheTemplate

  /// Reads a template.
  ///
  /// Throws: `ReportError.badTemplate` when it is none.
  init(_ name: String, _ bytes: [UInt8]) throws(ReportError) {
    do {
      template = try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw ReportError.badTemplate(name, reason: "\(error)")
    }
  }

  /// Fills it in.
  func callAsFunction(_ values: [String: Value]) -> Markup {
    Markup(trusted: template.render(values.mapValues(\.object)))
  }
}
