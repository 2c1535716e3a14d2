import Model
import Testing

@testable import Reports

@Suite struct ComparisonGoldenTests {
  @Test(arguments: [70, 100, 160])
  func `a comparison in a terminal stays as it was recorded`(width: Int) throws {
    let text = try TerminalComparison().render(
      SampleComparison.result, session: SampleComparison.session, options: ComparisonOptions(width: width))
    try Golden.expect(text, is: "comparison-\(width).txt")
  }

  @Test func `a comparison in colour and one of two arms stay as they were recorded`() throws {
    let coloured = try TerminalComparison().render(
      SampleComparison.result, session: nil, options: ComparisonOptions(metrics: ["cpu"], colour: true))
    try Golden.expect(coloured, is: "comparison-colour.txt")
    let arms = try TerminalComparison().render(
      SampleComparison.arms, session: nil, options: ComparisonOptions())
    try Golden.expect(arms, is: "comparison-arms.txt")
  }

  @Test(arguments: ComparisonRegistry.all.map(\.id).filter { $0 != "terminal" })
  func `a comparison for other readers stays as it was recorded`(format: String) throws {
    let options = ComparisonOptions(
      place: .init(file: "Results/plans/gate.yaml", line: 3, column: 1), elapsed: 83.25)
    let renderer = try ComparisonRegistry.format(named: format)
    let text = try renderer.render(
      SampleComparison.result, session: SampleComparison.session, options: options)
    try Golden.expect(text, is: "comparison-\(format).\(renderer.fileExtension)")
  }

  @Test(arguments: ComparisonRegistry.all.map(\.id))
  func `hostile text in a comparison stays as harmless as it was recorded`(format: String) throws {
    let renderer = try ComparisonRegistry.format(named: format)
    let text = try renderer.render(
      HostileComparison.result, session: HostileSession.result.session, options: ComparisonOptions(width: 120)
    )
    try Golden.expect(text, is: "hostile-comparison-\(format).\(renderer.fileExtension)")
    #expect(!text.unicodeScalars.contains { $0 != "\n" && Visible.isHidden($0) })
  }
}
