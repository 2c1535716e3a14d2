import Model
import Testing

@testable import Probes

/// What the instruments cannot see is said with the metric.
@Suite struct MetricResolutionTests {
  @Test(arguments: [
    ("peak_resident", 524_288.0), ("mean_resident", 524_288), ("peak_live", 32_768), ("cpu", 0.001),
    ("wall", 0.001), ("cpu_user", 0.004), ("cpu_system", 0.004), ("residence_half_life", 0.01),
  ])
  func `a metric that is not counted one by one has a resolution`(id: String, resolution: Double) throws {
    let definition = try #require(MetricRegistry.definitions.first { $0.id == MetricID(id) })
    #expect(definition.resolution == resolution)
  }

  @Test(arguments: [
    "faults_minor", "operations", "file_size", "retained_resident", "throughput", "switches_voluntary",
  ])
  func `what is counted one by one has none`(id: String) throws {
    let definition = try #require(MetricRegistry.definitions.first { $0.id == MetricID(id) })
    #expect(definition.resolution == nil)
  }
}
