import Foundation
import Model
import Testing

@testable import Reports

@Suite struct ProfileFlameTests {
  private func html(_ profile: StackProfile) throws -> String {
    try FlameGraphPage.html(profile, functions: ProfileSamples.table)
  }

  @Test func `the page stays as it was recorded`() throws {
    try Golden.expect(html(ProfileSamples.profile), is: "flame.html")
    try Golden.expect(html(ProfileSamples.hostile), is: "hostile-flame.html")
  }

  @Test func `every page is well-formed where names stand, and names make no elements`() throws {
    let text = try html(ProfileSamples.hostile)
    // What is drawn has no other elements than these.
    let drawing = text.split(separator: "<section class=\"chart\"").dropFirst().joined()
    let tags = drawing.split(separator: "<").compactMap { piece in
      piece.first == "/" ? nil : piece.prefix { $0.isLetter || $0.isNumber }
    }
    let known: Set<Substring> = [
      "svg", "title", "rect", "text", "p", "section", "h2", "div", "table", "thead", "tr", "th", "tbody",
      "td",
      "ul", "li", "script",
    ]
    #expect(Set(tags.filter { !$0.isEmpty }).isSubset(of: known))
    #expect(text.components(separatedBy: "<script>").count == 2)
    #expect(!text.contains("onload=alert(1)>") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
    #expect(text.contains("{{title}}"))
  }

  @Test func `the policy allows exactly the page's own style and script`() throws {
    let text = try html(ProfileSamples.profile)
    #expect(text.contains("default-src 'none'; style-src 'sha256-\(try digest(FlameStyle.text))'"))
    #expect(text.contains("script-src 'sha256-\(try digest(FlameScript.text))'"))
    #expect(FlameStyle.digest == (try digest(FlameStyle.text)))
    #expect(FlameScript.digest == (try digest(FlameScript.text)))
    #expect(text.contains("<style>\(FlameStyle.text)</style>"))
    #expect(text.contains("<script>\(FlameScript.text)</script>"))
    #expect(!text.contains("style=") && !text.contains("://"))
    #expect(FlameScript.text.utf8.count < 6144)
  }

  /// SHA-256 in base64, by Python.
  private func digest(_ text: String) throws -> String {
    let script = """
      import base64, hashlib, sys
      print(base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode())
      """
    return try PythonSchema.run(["-c", script], input: text).output.trimmingCharacters(in: .newlines)
  }

  @Test func `children lie within their parents, side by side, and all widths add up`() {
    let tree = CallTree(ProfileSamples.profile, direction: .callees, lines: false)
    let layout = FlameLayout(tree, column: 0)
    #expect(layout.total == ProfileSamples.profile.totals[0] && layout.hidden == 2)
    for row in 0..<layout.rows {
      let boxes = layout.boxes.filter { $0.row == row }.sorted { $0.left < $1.left }
      for (left, right) in zip(boxes, boxes.dropFirst()) {
        #expect(left.left + left.width <= right.left + 1e-9)
      }
      guard row > 0 else { continue }
      for box in boxes {
        let parents = layout.boxes.filter {
          $0.row == row - 1 && $0.left <= box.left + 1e-9
            && $0.left + $0.width >= box.left + box.width - 1e-9
        }
        #expect(parents.count == 1)
      }
    }
    #expect(abs(layout.boxes.filter { $0.row == 1 }.reduce(0) { $0 + $1.width } - 100) < 0.05)
  }

  @Test func `very many and very deep stacks give a page of bounded size`() throws {
    var builder = StackProfileBuilder(title: "large", columns: ProfileSamples.columns)
    var random = SeededRandom(seed: 11)
    for _ in 0..<20_000 {
      let stack = (0..<Int.random(in: 1...12, using: &random)).map { depth in
        Frame(function: "function_\(depth)_\(Int.random(in: 0..<40, using: &random))", object: "app")
      }
      builder.add(stack, values: [Double(Int.random(in: 1...100_000, using: &random)), 1])
    }
    builder.add((0..<3000).map { Frame(function: "deep_\($0)", object: "app") }, values: [1e9, 1])
    let text = try FlameGraphPage.html(builder.finished())
    #expect(text.utf8.count < 5 << 20)
    #expect(text.contains("boxes are too narrow to be drawn"))
  }

  @Test func `values that were given back have no width, and nothing at all is said`() throws {
    var profile = ProfileSamples.profile
    for index in profile.samples.indices { profile.samples[index].values[0] = index == 0 ? -5 : .infinity }
    let layout = FlameLayout(CallTree(profile, direction: .callees, lines: false), column: 0)
    #expect(layout.boxes.isEmpty)
    let empty = StackProfile(title: "empty", columns: ProfileSamples.columns)
    let text = try FlameGraphPage.html(empty)
    #expect(text.contains("No stack with a value was recorded.") && !text.contains("<script>"))
  }
}
