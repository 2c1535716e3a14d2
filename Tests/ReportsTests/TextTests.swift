import Testing

@testable import Reports

@Suite struct TextTests {
  @Test func `what acts without being seen is written out`() {
    #expect(Visible.text("a\u{1b}[2J\nb\tc\r\u{7f}\u{85}") == "a\\u{1b}[2J\\nb\\tc\\r\\u{7f}\\u{85}")
    #expect(
      Visible.text("\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}")
        == "\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{2028}")
  }

  @Test func `what is seen stays, joined emoji too`() {
    for text in ["naïve 漢字 עברית", "👩‍👧", "C:\\temp", ""] { #expect(Visible.text(text) == text) }
  }

  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("ｆｕ", 4), ("한", 2), ("🙂", 2), ("👩‍👧", 2), ("🇪🇺", 2),
    ("❤\u{fe0f}", 2),
    ("±↓×—│█", 6), ("", 0),
  ])
  func `widths are those of a terminal`(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test func `cutting never exceeds the width, not even before a wide character`() {
    #expect(DisplayWidth.truncate("abcdef", to: 4) == "abc…")
    #expect(DisplayWidth.truncate("漢字漢字", to: 4) == "漢…")
    #expect(DisplayWidth.truncate("abcd", to: 4) == "abcd")
  }

  @Test func `prose breaks at spaces, and a long word stays whole`() {
    let lines = Wrap.lines("one two /a/very/long/path three", width: 10, lead: "- ", hang: 2)
    #expect(lines == ["- one two", "  /a/very/long/path", "  three"])
  }

  @Test func `items are not broken inside`() {
    let lines = Wrap.items(["a b", "c d", "e f"], separator: " · ", width: 10)
    #expect(lines == ["a b · c d ·", "e f"])
  }

  @Test func `Markdown keeps foreign text as letters`() {
    #expect(MarkdownText.prose("<b>|*x*|`y`") == "&lt;b&gt;\\|\\*x\\*\\|\\`y\\`")
    #expect(MarkdownText.prose("ask @someone @ 2 GHz") == "ask @<!-- -->someone @ 2 GHz")
    // A mark that combines with the bar must not hide it.
    #expect(MarkdownText.prose("a|\u{301}b").unicodeScalars.contains("\\"))
  }

  @Test func `a code span is fenced by more backticks than it holds`() {
    #expect(MarkdownText.code("a``b") == "```a``b```")
    #expect(MarkdownText.code("`a") == "`` `a ``")
    #expect(MarkdownText.code("a|b", inTable: true) == "`a\\|b`")
  }

  @Test func `commands can be pasted into a shell`() {
    #expect(ShellText.line(["run", "a b", "it's", "", "x=1"]) == #"run 'a b' 'it'\''s' '' x=1"#)
  }

  @Test func `times are in UTC`() {
    #expect(Timestamp.iso8601(1_767_323_045) == "2026-01-02T03:04:05Z")
    #expect(Timestamp.minute(1_767_323_045) == "2026-01-02 03:04")
    #expect(Timestamp.text(0) == "1970-01-01 00:00:00 UTC")
  }
}
