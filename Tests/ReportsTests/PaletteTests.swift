import Testing

@testable import Reports

/// Contrast as WCAG 2.2 defines it (relative luminance, success criteria 1.4.3 and 1.4.11).
@Suite struct PaletteTests {
  @Test(arguments: [false, true])
  func `every text can be read on every ground it stands on`(dark: Bool) throws {
    for text in Palette.text {
      for ground in Palette.grounds { try expect(text, on: ground, atLeast: 4.5, dark: dark) }
    }
    let figures = Palette.text.filter { $0.name == "ink" }
    for text in figures {
      for ground in Palette.tints { try expect(text, on: ground, atLeast: 4.5, dark: dark) }
    }
  }

  @Test(arguments: [false, true])
  func `every line and mark of a chart stands out from its ground and its shades`(dark: Bool) throws {
    let grounds =
      Palette.grounds.filter { $0.name == "paper" } + Palette.ornaments.filter { $0.name == "band" }
    for series in Palette.series {
      for ground in grounds { try expect(series, on: ground, atLeast: 3, dark: dark) }
    }
  }

  @Test func `the contrast of black on white is 21`() throws {
    #expect(try abs(PaletteTests.contrast("#000000", "#ffffff") - 21) < 0.001)
    #expect(try abs(PaletteTests.contrast("#767676", "#ffffff") - 4.54) < 0.01)
  }

  private func expect(
    _ front: Palette.Colour, on ground: Palette.Colour, atLeast least: Double, dark: Bool
  ) throws {
    let colours = dark ? (front.dark, ground.dark) : (front.light, ground.light)
    let contrast = try PaletteTests.contrast(colours.0, colours.1)
    #expect(contrast >= least, "\(front.name) on \(ground.name) in \(dark ? "dark" : "light"): \(contrast)")
  }

  private static func contrast(_ first: String, _ second: String) throws -> Double {
    let pair = [try luminance(first), try luminance(second)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  private static func luminance(_ colour: String) throws -> Double {
    let value = try #require(Int(colour.dropFirst(), radix: 16))
    let channels = [16, 8, 0].map { shift in
      let share = Double(value >> shift & 0xFF) / 255
      return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  /// By the fifth root, since 2.4 is 12/5.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    var root = base
    for _ in 0..<60 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
    return (0..<12).reduce(1.0) { result, _ in result * root }
  }
}
