import Model
import Testing

@testable import Reports

@Suite struct MarkupTests {
  @Test func `foreign text arrives as text, between tags and in attributes`() {
    let name = "<b title=\"x\">it's & more</b>"
    let markup: Markup = "<p title=\"\(name)\">\(name)</p>"
    let escaped = "&lt;b title=&quot;x&quot;&gt;it&#39;s &amp; more&lt;/b&gt;"
    #expect(markup.text == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test func `a mark that combines with a quote does not hide it`() {
    let markup: Markup = "<p title=\"\("\"\u{301} onclick=alert(1)")\">"
    #expect(!markup.text.dropFirst(10).dropLast(2).unicodeScalars.contains("\""))
  }

  @Test func `what acts without being seen is written out`() {
    #expect(("\("a\u{202e}b\u{1b}[0m\nc")" as Markup).text == "a\\u{202e}b\\u{1b}[0m\\nc")
  }

  @Test func `markup goes in unchanged, and a condition leaves it markup`() {
    let inner: Markup = "<i>\("<")</i>"
    #expect(
      ("<p>\(inner)\(Markup.when(true, "<br>"))\(Markup.when(false, "<hr>"))</p>" as Markup).text
        == "<p><i>&lt;</i><br></p>")
  }

  @Test func `figures have ten digits`() {
    #expect(("\(figure: 0.1 + 0.2) \(figure: 4096) \(7)" as Markup).text == "0.3 4096 7")
  }

  @Test func `a template that is none is named with what is wrong`() throws {
    let error = #expect(throws: ReportError.self) { try Template("page", Array("{{#a}}".utf8)) }
    #expect(error?.description.hasPrefix("the template 'page' of an HTML page cannot be read") == true)
  }

  @Test func `templates take markup as it is`() throws {
    let template = try Template(
      "t", Array("{{% CONTENT_TYPE:TEXT}}{{#rows}}<td>{{a}}{{/rows}}{{^none}}!{{/none}}".utf8))
    let filled = template([
      "rows": .list([["a": .markup("<b>")], ["a": .markup("\("<")")]]), "none": .flag(false),
    ])
    #expect(filled.text == "<td><b><td>&lt;!")
  }

  @Test(arguments: [
    ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    (String(repeating: "a", count: 1000), "Qe3s5C1j6Nm/UVqbppMuHCDLyfWl0TRkWttdsblzfqM="),
  ])
  func `digests are those of SHA-256`(text: String, digest: String) {
    #expect(base64Digest(text) == digest)
  }

  @Test func `digests of every length around a block are those of another implementation`() {
    // sha256sum of the digests of 0 to 130 letters a, one after the other.
    let all = (0...130).map { base64Digest(String(repeating: "a", count: $0)) }.joined()
    #expect(base64Digest(all) == MarkupTests.allLengths)
  }

  private static let allLengths = "u7iF+5m9Dj/zo+A3l35QeWXtSR8y4tBKSCEyVm1cR90="
}

@Suite struct SentenceBreakTests {
  @Test func `a figure stays with its unit, and an interval with itself`() {
    let text = VerdictSection.unbroken("uses 16 % less [9, 28], and 6 % more [−4.1, 8.3] than [a b]")
    #expect(text == "uses 16\u{A0}% less [9,\u{A0}28], and 6\u{A0}% more [−4.1,\u{A0}8.3] than [a b]")
  }

  @Test func `names break behind their slashes`() {
    #expect(Markup.name("glibc/<b>").text == "glibc/<wbr>&lt;b&gt;")
  }
}

/// A digest as a Content-Security-Policy names it.
func base64Digest(_ text: String) -> String { Base64.text(SHA256.bytes(text)) }
