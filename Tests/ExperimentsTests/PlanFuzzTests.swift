import Foundation
import Model
import Probes
import Testing
import TestSupport

@testable import Experiments

/// Plans and thresholds, damaged: read or refused with a place.
@Suite struct PlanFuzzTests {
  private static let plans: [[UInt8]] = {
    let folder = URL(filePath: #filePath).appending(path: "../../../Workloads/plans").standardizedFileURL
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { try? Data(contentsOf: folder.appending(path: $0)) }.map { [UInt8]($0) }
  }()

  @Test func `plans`() {
    #expect(Self.plans.count > 5)
    var mutator = Mutator(
      seed: 81,
      words: ["trials: ", "auto", "settings:", "- ", "ladder", "1e9h", "variants: [", "parameters:"])
    for round in 0..<Mutator.rounds {
      let text = String(
        decoding: mutator.damaged(Self.plans[round % Self.plans.count], with: Self.plans), as: UTF8.self)
      do {
        _ = try PlanReader.parse(text, file: "plan.yaml")
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test func `thresholds`() {
    let seed = Array(
      "rules:\n- workload: larson\n  metric: peak_resident\n  change: 5 %\n  gates: true\n- change: 3%\n".utf8
    )
    var mutator = Mutator(seed: 82, words: ["%", "inf", "gates: ", "metric: wall", "variant: glibc"])
    for _ in 0..<Mutator.rounds {
      let text = String(decoding: mutator.damaged(seed), as: UTF8.self)
      _ = try? ThresholdsReader.parse(text, file: "t.yaml", metrics: MetricRegistry.definitions)
    }
  }
}
