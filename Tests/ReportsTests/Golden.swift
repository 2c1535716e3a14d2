import Foundation
import Testing

/// Compares texts with files under `Golden/`. `HEAPSCALE_RECORD=1` records them; a CI job never does.
enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  static func expect(_ text: String, is name: String, at place: SourceLocation = #_sourceLocation) throws {
    let file = folder.appending(path: name)
    let environment = ProcessInfo.processInfo.environment
    if environment["HEAPSCALE_RECORD"] == "1" {
      guard environment["CI"] == nil else {
        Issue.record(
          "CI is set: golden files are recorded by people, who look at them", sourceLocation: place)
        return
      }
      try Data(text.utf8).write(to: file)
      return
    }
    guard let data = FileManager.default.contents(atPath: file.path) else {
      Issue.record("\(name) is not recorded: HEAPSCALE_RECORD=1 swift test", sourceLocation: place)
      return
    }
    let expected = String(decoding: data, as: UTF8.self)
    if expected != text {
      Issue.record("\(difference(expected, text)) in \(name)", sourceLocation: place)
    }
  }

  private static func difference(_ expected: String, _ text: String) -> Comment {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).firstIndex { $0 != $1 } ?? min(old.count, new.count)
    return """
      line \(line + 1) was '\(line < old.count ? old[line] : "(end)")' and is now \
      '\(line < new.count ? new[line] : "(end)")'
      """
  }
}

extension Sequence {
  /// The place of the first element that is as wished.
  fileprivate func firstIndex(where isWanted: (Element) -> Bool) -> Int? {
    enumerated().first { isWanted($0.element) }?.offset
  }
}
