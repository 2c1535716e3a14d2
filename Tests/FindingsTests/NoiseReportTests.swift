import Model
import Testing

@testable import Findings

struct NoiseReportTests {
  private let cell = ComparisonFixture.arm("a")

  private func sentences(
    _ conditions: [[String: String]], values: [MetricID: MetricValue] = [:], cores: Int? = 2
  ) -> [String] {
    var report = NoiseReport()
    for condition in conditions {
      report.add(Fixture.trial(cell, values: values, conditions: condition))
    }
    return report.sentences(cores: cores)
  }

  @Test func `a quiet machine is not talked about, nor what was not recorded`() {
    let quiet = ["load1": "1.9", "steal": "0.004", "mhz_low": "2990", "mhz_high": "3000"]
    let values: [MetricID: MetricValue] = [
      "switches_involuntary": .value(10, .counted), "cpu": .value(1, .counted),
    ]
    #expect(sentences([quiet, quiet], values: values).isEmpty)
    #expect(sentences([[:]]).isEmpty)
    #expect(sentences([["load1": "x", "steal": "nan", "mhz_low": "0"]]).isEmpty)
  }

  @Test func `load, steal time and clock are told with what would help`() {
    let said = sentences([
      ["load1": "1", "steal": "0"],
      ["load1": "3.46", "steal": "0.12", "mhz_low": "2000", "mhz_high": "2500.4"],
    ])
    #expect(said.count == 3)
    #expect(
      said[0].hasPrefix(
        "the load average was above the machine's 2 cores before 1 of 2 trials (up to 3.5)"))
    #expect(said[1].hasPrefix("the hypervisor took up to 12 % of the CPU time away in 1 of 2 trials"))
    #expect(said[2].hasPrefix("the clock went between 2000 and 2500 MHz"))
  }

  @Test func `without the number of cores a load says nothing`() {
    #expect(sentences([["load1": "9"]], cores: nil).isEmpty)
  }

  @Test func `interruptions count by CPU second`() {
    let values: [MetricID: MetricValue] = [
      "switches_involuntary": .value(100, .counted), "cpu": .value(0.5, .counted),
    ]
    #expect(
      sentences([[:]], values: values).first?.hasPrefix(
        "half of the trials were interrupted more than 200 times per CPU second") == true)
    #expect(sentences([[:]], values: ["switches_involuntary": .value(100, .counted)]).isEmpty)
  }

  @Test func `a session's measurements carry the sentences, warm-up aside`() {
    let session = Fixture.session(host: [HostFact(name: "cores", value: "4")])
    var analysis = SessionAnalysis(
      session: session, cells: session.plan.cells, definitions: Fixture.definitions)
    let cell = session.plan.cells[0]
    analysis.add(Fixture.trial(cell, block: -1, conditions: ["load1": "99"]))
    #expect(analysis.measurements().noise.isEmpty)
    analysis.add(Fixture.trial(cell, block: 0, conditions: ["load1": "5"]))
    #expect(analysis.measurements().noise.count == 1)
  }
}
