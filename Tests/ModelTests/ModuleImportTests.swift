import Foundation
import Testing

/// Who may import whom among our modules. Change the design before this table.
private let allowed: [String: Set<String>] = [
  "Model": [],
  "CLinux": [],
  "CUnwind": [],
  "CZlib": [],
  "Targets": ["CLinux", "Model"],
  "Probes": ["CLinux", "CUnwind", "Model"],
  "Profiles": ["CZlib", "Model"],
  "Findings": ["Model"],
  "Store": ["Model"],
  "Reports": ["Model"],
  "Experiments": ["Model", "Probes", "Targets"],
  "heapscale": [
    "CLinux", "Experiments", "Findings", "Model", "Probes", "Profiles", "Reports", "Store", "Targets",
  ],
]

/// Packages that only one module may use.
private let confined = ["GRDB": "Store", "Mustache": "Reports", "SwiftProtobuf": "Profiles"]

private let sources = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources").standardizedFileURL

private func importsByModule() throws -> [(module: String, file: String, name: String)] {
  var result: [(module: String, file: String, name: String)] = []
  for module in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
    let folder = sources.appending(path: module)
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").drop {
          $0.hasPrefix("@") || $0 == "public" || $0 == "internal"
        }
        guard words.first == "import", let name = words.dropFirst().last else { continue }
        result.append((module, file, String(name.split(separator: ".")[0])))
      }
    }
  }
  return result
}

@Test func `no module imports another that the design forbids`() throws {
  let imports = try importsByModule()
  #expect(imports.count > 20)
  for (module, file, name) in imports where allowed[name] != nil {
    let permitted = try #require(
      allowed[module], "the module \(module) is not in the design: add it to this table")
    #expect(permitted.contains(name), "Sources/\(module)/\(file) imports \(name)")
  }
}

@Test func `packages stay where they belong`() throws {
  for (module, file, name) in try importsByModule() {
    guard let home = confined[name] else { continue }
    #expect(module == home, "Sources/\(module)/\(file) imports \(name), which only \(home) may")
  }
}
