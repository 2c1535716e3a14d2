import Foundation
import Probes
import Testing

@Test func `every metric file is registered`() throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Probes/Metrics").standardizedFileURL
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    .filter { $0.hasSuffix(".swift") && $0 != "Metric.swift" }
    .map { String($0.dropLast(6)) }
  let registered = Set(MetricRegistry.all.map { String(describing: $0) })
  #expect(!files.isEmpty)
  for file in files {
    #expect(
      registered.contains(file), "\(file).swift is not registered: add '\(file).self,' to MetricRegistry.all")
  }
}

@Test func `metric ids are unique`() {
  let ids = MetricRegistry.definitions.map(\.id)
  #expect(Set(ids).count == ids.count)
}
