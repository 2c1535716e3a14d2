import Model
import Testing

@Suite struct ByteTextTests {
  @Test func `any bytes come out again as they went in`() {
    var random = SeededRandom(seed: 8)
    // Parts of valid scalars, of the reserved ones, and nonsense, put together at random.
    let parts: [[UInt8]] = [
      [0x61], [0xC3, 0xA4], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0xF3, 0xB0, 0x82, 0x80],
      [0xF3, 0xB0, 0x83, 0xBF], [0xF3, 0xB0, 0x81, 0xBF], [0xFF], [0xC3], [0x80], [0xC0, 0x80],
      [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF3, 0xB0], [0xE2, 0x82], [0x1B], [0x0A],
    ]
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int(random.next() % 12) {
        bytes +=
          random.next() % 3 == 0
          ? [UInt8.random(in: 0...255, using: &random)] : parts[Int(random.next() % 17)]
      }
      let text = ByteText.text(of: bytes)
      #expect(ByteText.bytes(of: text) == bytes)
      #expect(ByteText.withCString(text) { ByteText.text(of: $0) } == text || bytes.contains(0))
    }
  }

  @Test func `text stays the text that it is`() {
    for text in ["", "plain", "grün €", "😀 \u{200D}", "\u{F0000}", "\u{F0100}", "\u{10FFFF}"] {
      #expect(ByteText.text(of: Array(text.utf8)) == text)
      #expect(!ByteText.hasRawBytes(text))
    }
    #expect(ByteText.text(of: [0xFF]).unicodeScalars.count == 1)
    #expect(ByteText.hasRawBytes(ByteText.text(of: [0x61, 0xFF])))
  }
}
