import Experiments
import Foundation
import Model
import Testing

@Suite struct EventChoiceTests {
  @Test func `a plan chooses its events, and says where it chose wrongly`() throws {
    #expect(try PlanReader.parse("events: all", file: "p.yaml").events == .all)
    #expect(try PlanReader.parse("events: none", file: "p.yaml").events == EventChoice.none)
    #expect(try PlanReader.parse("title: x", file: "p.yaml").events == nil)
    let error = #expect(throws: InputError.self) {
      try PlanReader.parse("trials: 3\nevents: al", file: "p.yaml")
    }
    #expect(error?.hint?.contains("all") == true)
    #expect(error.map { "\($0)".contains("p.yaml:2") } == true)
  }

  @Test func `flags win over the plan`() {
    var flags = PlanDraft()
    var plan = PlanDraft()
    plan.events = .all
    #expect(flags.filled(from: plan).events == .all)
    flags.events = EventChoice.none
    #expect(flags.filled(from: plan).events == EventChoice.none)
  }

  @Test func `a session of an older version counted no events`() throws {
    let old = Data(#"{"rateHz": 100, "latency": false, "counters": true}"#.utf8)
    #expect(try JSONDecoder().decode(Sampling.self, from: old).events == .none)
    let all = try JSONEncoder().encode(Sampling(events: .all))
    #expect(try JSONDecoder().decode(Sampling.self, from: all).events == .all)
  }
}
