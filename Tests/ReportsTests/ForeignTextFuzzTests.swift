import Foundation
import Model
import Testing

@testable import Reports

/// Foreign text through every medium, read back by a reader that shares nothing with the writer.
@Suite struct ForeignTextFuzzTests {
  private static let parts = [
    "a", "Z9", " ", "  ", "\n", "\r\n", "\t", "\u{1B}[31m", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",
    "\u{202E}", "\u{200D}",
    "\u{301}", "\u{FFFE}", "\u{FFFF}", "\u{F00FF}", "\u{F0080}", "😀", "é", "\"", "'", "`", "``", "|", "\\",
    "<", ">", "&",
    "&amp;", "]]>", "<!--", "-->", "=", "+", "-", "@", "@someone", "＝", ",", ";", ":", "::", "::error::", "%",
    "%0A", "{", "}",
    "#", "$", "*", "_", "[", "](", "~", "!", "</td>", "<script>", "le=\"",
  ]

  private static func texts(seed: UInt64, count: Int = 4000) -> [String] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in
      (0..<Int(random.next() % 9)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }.joined()
    }
  }

  private static func reversed(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.reversed()))
  }

  private static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) && $0 != "\u{202E}"
    }
  }

  @Test func `JSON is read back as what was shown`() throws {
    for text in Self.texts(seed: 1) {
      let json = JSONText.string(text).text()
      let read = try #require(JSONSerialization.jsonObject(with: Data("[\(json)]".utf8)) as? [String])
      let expected = text.mappingScalars { scalar in
        ByteText.byte(of: scalar).map { "\\x" + String($0, radix: 16) }
      }
      #expect(read[0].unicodeScalars.elementsEqual(expected.unicodeScalars), "\(json)")
      #expect(Self.isHarmless(json) && !json.contains("</"))
    }
  }

  @Test func `XML and HTML hold nothing but text`() {
    for text in Self.texts(seed: 2) {
      for escaped in [XMLText.escaped(text), Markup.escaped(text)] {
        #expect(Self.isHarmless(escaped), "\(escaped)")
        #expect(!escaped.unicodeScalars.contains { $0 == "<" || $0 == ">" || $0 == "\"" }, "\(escaped)")
        // Every & begins one of the five entities. By scalars: a mark that combines hides `;` in a Character.
        var plain = String.UnicodeScalarView()
        var rest = Array(escaped.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
          guard scalar == "&" else {
            plain.append(scalar)
            continue
          }
          let name = String(String.UnicodeScalarView(rest.prefix { $0 != ";" }))
          let value: Unicode.Scalar? = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"][name]
          #expect(value != nil, "\(escaped)")
          plain.append(value ?? "?")
          rest = rest.dropFirst(name.unicodeScalars.count + 1)
        }
        func comparable(_ text: String) -> [String] {
          text.unicodeScalars.map {
            $0 == "\u{FFFE}" ? "\\u{fffe}" : $0 == "\u{FFFF}" ? "\\u{ffff}" : String($0)
          }
        }
        #expect(
          comparable(String(plain)).joined().utf8.elementsEqual(comparable(Visible.text(text)).joined().utf8))
      }
    }
  }

  /// RFC 4180, read by scalars: fields of one record.
  private func fields(_ record: String) -> [String] {
    var fields = [""]
    var isQuoted = false
    var scalars = record.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      if isQuoted {
        if scalar == "\"", next == "\"" {
          fields[fields.count - 1].unicodeScalars.append(scalar)
          next = scalars.next()
        } else if scalar == "\"" {
          isQuoted = false
        } else {
          fields[fields.count - 1].unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        fields.append("")
      } else {
        fields[fields.count - 1].unicodeScalars.append(scalar)
      }
    }
    #expect(!isQuoted)
    return fields
  }

  @Test func `a record of CSV keeps its fields, and none is a formula`() {
    for (index, text) in Self.texts(seed: 3).enumerated() {
      let record = CSVText.record([.text(text), .count(index), .text(Self.reversed(text))])
      #expect(record.hasSuffix("\r\n"))
      let read = fields(String(String.UnicodeScalarView(record.unicodeScalars.dropLast(2))))
      #expect(read.count == 3 && read[1] == "\(index)", "\(record)")
      for (field, given) in zip([read[0], read[2]], [text, Self.reversed(text)]) {
        #expect(Self.isHarmless(field))
        #expect(
          !"=+-@＝＋－＠".unicodeScalars.contains { $0 == field.unicodeScalars.first { $0 != " " } }, "\(field)")
        #expect(field == Visible.text(given) || field == "'" + Visible.text(given))
      }
    }
  }

  @Test func `a row of a Markdown table keeps its cells`() {
    for text in Self.texts(seed: 4) {
      for cell in [MarkdownText.prose(text), MarkdownText.code(text, inTable: true)] {
        #expect(Self.isHarmless(cell), "\(cell)")
        var isEscaped = false
        var bars = 0
        for scalar in "| \(cell) | end |".unicodeScalars {
          if scalar == "|", !isEscaped { bars += 1 }
          isEscaped = scalar == "\\" && !isEscaped
        }
        // In a code span a backslash escapes a bar alone, so that one before it is a letter: cmark-gfm counts as we do there.
        #expect(bars == 3 || cell.hasPrefix("`"), "\(cell)")
      }
      let prose = MarkdownText.prose(text)
      #expect(!prose.contains("<script") && !prose.contains(/(?:^|[^\\])@someone/), "\(prose)")
    }
  }

  @Test func `a workflow command stays one line, and its message what it was`() throws {
    for text in Self.texts(seed: 5) {
      let line = "::error title=\(WorkflowText.property(text))::\(WorkflowText.message([text]))"
      #expect(Self.isHarmless(line), "\(line)")
      // By bytes, as the runner reads it.
      let bytes = Array(line.utf8)
      let head = Array("::error title=".utf8)
      #expect(bytes.starts(with: head))
      let rest = bytes.dropFirst(head.count)
      let end = rest.indices.first { rest[$0...].starts(with: "::".utf8) }
      let title = rest[..<(try #require(end))]
      #expect(!title.contains(UInt8(ascii: ":")) && !title.contains(UInt8(ascii: ",")), "\(line)")
      #expect(Self.decoded(title).elementsEqual(Visible.text(text).utf8), "\(line)")
      #expect(Self.decoded(rest[(title.endIndex + 2)...]).elementsEqual(Visible.text(text).utf8), "\(line)")
    }
  }

  /// Bytes with `%XX` taken back.
  private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
        result.append(value)
        rest = rest.dropFirst(2)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
