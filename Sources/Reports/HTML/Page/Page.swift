import Model

/// A page in its shell: head, contents, sections, styles and scripts, in one file that needs no network.
///
/// What a page may do is said in its Content-Security-Policy: run and style only the parts named by their digests, load
/// nothing. All pages share this: of a session, of two sessions, of a trend.
struct Page {
  /// A part of a page with an address of its own.
  struct Section {
    /// The name within the page, e.g. `curves`.
    let id: String
    /// A heading.
    let title: String
    /// What it shows and how to read it, in a sentence or two; empty when the body says so.
    var intro = ""
    /// What stands there.
    let body: Markup
  }

  /// What kind of page it is, above the title.
  let kind: String
  /// The title, foreign text.
  let title: String
  /// What one must know first, in a few words each.
  let facts: [String]
  /// The parts, in the order of reading.
  let sections: [Section]
  /// Data for the scripts, by the names that they know.
  var data: [(id: String, json: Markup)] = []
  /// The last line.
  let footer: String

  /// The whole text of the file.
  ///
  /// Throws: `ReportError.badTemplate`.
  func text() throws(ReportError) -> String {
    let style = Palette.style + Assets.style
    let template = try Template("page", PackageResources.page_mustache)
    return template([
      "kind": .markup("\(kind)"), "title": .markup("\(title)"),
      "facts": .list(facts.map { ["fact": .markup("\($0)")] }),
      "sections": .list(sections.map(values)),
      "data": .list(data.map { ["id": .markup("\($0.id)"), "json": .markup($0.json)] }),
      "footer": .markup("\(footer)"),
      "style": .markup(Markup(trusted: style)),
      "styleHash": .markup(Markup(trusted: Base64.text(SHA256.bytes(style)))),
      "script": .markup(Markup(trusted: Assets.script)),
      "scriptHash": .markup(Markup(trusted: Base64.text(SHA256.bytes(Assets.script)))),
    ]).text
  }

  private func values(_ section: Section) -> [String: Template.Value] {
    [
      "id": .markup("\(section.id)"), "title": .markup("\(section.title)"),
      "hasIntro": .flag(!section.intro.isEmpty), "intro": .markup("\(section.intro)"),
      "body": .markup(section.body),
    ]
  }
}

/// Files that go into every page as they are.
enum Assets {
  /// The style sheet, without colours.
  static let style = String(decoding: PackageResources.style_css, as: UTF8.self)
  /// The script; pages are complete without it.
  static let script = String(decoding: PackageResources.script_js, as: UTF8.self)
}
