/// The colours of a page: few, the same meaning everywhere, and each with enough contrast in both themes.
///
/// A test works out the contrast of every pair that meets on a page (WCAG 2.2: 4.5 for text, 3 for lines and marks).
enum Palette {
  /// A colour of our own name with its value in the light and in the dark theme.
  struct Colour {
    let name: String
    let light: String
    let dark: String
  }

  /// What is read, and what it stands on.
  static let text = [
    Colour(name: "ink", light: "#1b1e24", dark: "#e7e5e0"),
    Colour(name: "muted", light: "#5a606b", dark: "#a3a39e"),
    Colour(name: "good", light: "#0b6860", dark: "#5cc9be"),
    Colour(name: "bad", light: "#a43b0b", dark: "#f59a6c"),
    Colour(name: "accent", light: "#1d58a8", dark: "#7fb2f0"),
  ]
  /// Grounds that text stands on.
  static let grounds = [
    Colour(name: "paper", light: "#ffffff", dark: "#15171a"),
    Colour(name: "panel", light: "#f6f6f4", dark: "#1e2125"),
    Colour(name: "hover", light: "#f3f5f8", dark: "#202429"),
    Colour(name: "doubt-bg", light: "#fbf5e4", dark: "#2b2618"),
  ]
  /// Grounds of figures that got better or worse, in three strengths.
  static let tints = [
    Colour(name: "better-1", light: "#e6f2f1", dark: "#142b2c"),
    Colour(name: "better-2", light: "#cbe6e3", dark: "#16403f"),
    Colour(name: "better-3", light: "#a4d4cf", dark: "#185552"),
    Colour(name: "worse-1", light: "#fbece3", dark: "#34211a"),
    Colour(name: "worse-2", light: "#f7d6c3", dark: "#4d2c1e"),
    Colour(name: "worse-3", light: "#f1b795", dark: "#6a3820"),
  ]
  /// Lines and shades that carry no meaning alone.
  static let ornaments = [
    Colour(name: "line", light: "#d5d7db", dark: "#3a3e44"),
    Colour(name: "faint", light: "#eceded", dark: "#282c31"),
    Colour(name: "band", light: "#f3f1ea", dark: "#1f2226"),
  ]
  /// Series of charts; the first is the reference. Dash patterns and marks tell them apart as well.
  static let series = [
    Colour(name: "s0", light: "#24272e", dark: "#ecebe6"),
    Colour(name: "s1", light: "#0068a8", dark: "#5cb3ee"),
    Colour(name: "s2", light: "#c2410c", dark: "#fb8f4f"),
    Colour(name: "s3", light: "#007a5a", dark: "#3fcf9c"),
    Colour(name: "s4", light: "#8338a0", dark: "#cb94ec"),
    Colour(name: "s5", light: "#946200", dark: "#e3b341"),
    Colour(name: "s6", light: "#b8145c", dark: "#f580b4"),
    Colour(name: "s7", light: "#4a7405", dark: "#a5d64c"),
  ]

  /// All of them as custom properties: light, dark by the reader's system, and either by the switch.
  static var style: String {
    let all = text + grounds + tints + ornaments + series
    let light = all.map { "--\($0.name):\($0.light)" }.joined(separator: ";")
    let dark = all.map { "--\($0.name):\($0.dark)" }.joined(separator: ";")
    return """
      :root{color-scheme:light;\(light)}
      @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;\(dark)}}
      @media screen{:root[data-theme=dark]{color-scheme:dark;\(dark)}}

      """
  }
}
