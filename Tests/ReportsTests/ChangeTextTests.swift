import Model
import Testing

@testable import Reports

@Suite struct ChangeTextTests {
  private func text(_ change: Double, _ low: Double?, _ high: Double?) -> String {
    ChangeText.text(Effect(change: change, low: low, high: high, pairs: 8)).replacing("\u{A0}", with: " ")
  }

  @Test func `changes have two digits or more, a sign, and an interval`() {
    #expect(text(-0.384, -0.41, -0.35) == "−38 % [−41, −35]")
    #expect(text(0.061, 0.04, 0.083) == "+6.1 % [4.0, 8.3]")
    #expect(text(0.0012, 0.00001, 0.0996) == "+0.12 % [<0.01, 10]")
    #expect(text(0, 0, 0) == "0 % [0, 0]")
    #expect(text(-1, -1, -0.9996) == "−100 % [−100, −100]")
    #expect(text(0.0995, nil, nil) == "+10 %")
    #expect(text(3.5, -0.00995, 12) == "+350 % [−1.0, 1200]")
  }

  @Test func `an end of the interval never looks like no change when it is none`() {
    #expect(text(0.12, 0.00004, 0.25) == "+12 % [<0.01, 25]")
    #expect(text(-0.12, -0.25, -0.00004) == "−12 % [−25, −<0.01]")
  }

  @Test func `from tenfold on changes are factors`() {
    #expect(text(30.2, 29.8, 31.4) == "×31 [×31, ×32]")
    #expect(text(8.9, 8, 9.5) == "+890 % [800, 950]")
    #expect(text(9, -0.5, 1e20) == "×10 [×0.50, ×1e+20]")
  }

  @Test func `a change does not break at the end of a line`() {
    let effect = Effect(change: 0.5, low: 0.4, high: 0.6, pairs: 8)
    #expect(!ChangeText.text(effect).contains(" "))
    #expect(!ChangeText.text(from: 0, to: 4096, unit: .bytes).contains(" "))
  }
}
