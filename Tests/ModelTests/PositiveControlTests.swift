import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
  .standardizedFileURL

/// The documentation's list of what every gate must catch names tests that exist.
@Test func `every gate has a positive control`() throws {
  let article = try String(
    contentsOf: root.appending(path: "Sources/heapscale/heapscale.docc/Robustness.md"), encoding: .utf8)
  let part = try #require(article.components(separatedBy: "## What every gate must catch").last)
    .components(separatedBy: "\n## ")[0]
  let named = part.matches(of: /\| `([^`]+)` \|/).map { String($0.1) }
  #expect(named.count >= 11)
  let folder = root.appending(path: "Tests")
  let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
  let tests = files.filter { $0.hasSuffix(".swift") }.compactMap {
    try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)
  }.joined()
  for name in named { #expect(tests.contains("func `\(name)`"), "no test is called \(name)") }
}
