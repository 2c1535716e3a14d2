import Foundation
import Model
import Testing

@testable import Reports

/// Pages in a real browser: headless Chromium, driven by `Browser/check_page.py`.
@Suite(
  .enabled(
    if: Browser.isThere,
    "needs chromium, chromedriver and python3-selenium: apt-get install chromium chromium-driver python3-selenium"
  ))
struct HTMLBrowserTests {
  @Test(arguments: [
    "metric_switch", "sorting", "every_trial", "curves", "curve_figures", "stacked", "theme",
    "no_horizontal_scroll",
    "labels_do_not_overlap", "accessible", "complete_without_scripts", "print", "silent",
  ])
  func `the page does in a browser what it promises`(check: String) throws {
    let faults = try #require(try Browser.faults.get()[check], "the check is not in check_page.py")
    #expect(faults.isEmpty, Comment(rawValue: faults.prefix(12).joined(separator: "\n")))
  }
}

/// The browser, started once for all checks. `HEAPSCALE_PAGES` names a folder in which the pages stay, to be looked at.
private enum Browser {
  private static let files = ["/usr/bin/chromium", "/usr/bin/chromedriver", "/usr/bin/python3"]

  /// Whether Debian's packages are installed.
  static let isThere =
    files.allSatisfy(FileManager.default.isExecutableFile)
    && (try? run(["-c", "import selenium"]).status) == 0

  /// What each check found wrong with a small and a large page.
  static let faults = Result { () throws -> [String: [String]] in
    let kept = ProcessInfo.processInfo.environment["HEAPSCALE_PAGES"].map { URL(filePath: $0) }
    let folder =
      kept
      ?? FileManager.default.temporaryDirectory.appending(path: "heapscale-pages-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
    let small = folder.appending(path: "small.html"), large = folder.appending(path: "large.html")
    try write(try SyntheticPage.contents(variants: 4, workloads: 3, settings: 1, trials: 8), to: small)
    try write(try SyntheticPage.contents(variants: 12, workloads: 10, settings: 6, trials: 6), to: large)
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Browser/check_page.py")
    let answer = try run([script.path, small.path, large.path])
    return try JSONDecoder().decode([String: [String]].self, from: Data(answer.output.utf8))
  }

  private static func write(_ contents: PageContents, to file: URL) throws {
    try Data(try SessionPage.render(contents, options: ReportOptions()).utf8).write(to: file)
  }

  /// Runs Debian's Python, which has Debian's selenium; a browser that hangs is ended.
  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = ["--kill-after=10", "300", "/usr/bin/python3"] + arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
