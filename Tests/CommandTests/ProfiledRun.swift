import Foundation
import Testing

/// A `heapscale profile` as a user runs it, with what it wrote.
struct ProfiledRun {
  let run: HeapscaleBinary.Run
  let json: [String: Any]

  /// Profiles with JSON written to a file of the test's folder.
  init(_ binary: HeapscaleBinary, _ arguments: [String], environment: [String: String] = [:]) throws {
    let path = binary.folder.appending(path: "\(UUID().uuidString).json").path
    var all = ["profile"] + arguments
    all.insert(contentsOf: ["--quiet", "--json", path], at: all.firstIndex(of: "--") ?? all.endIndex)
    run = try binary.start(all, environment: environment).1()
    json = try Document(path: path, run).root
  }

  var profile: [String: Any] { json["profile"] as? [String: Any] ?? [:] }
  var unavailable: [[String: Any]] { profile["unavailable"] as? [[String: Any]] ?? [] }
  var events: [[String: Any]] { profile["events"] as? [[String: Any]] ?? [] }
  var notes: [String] { profile["notes"] as? [String] ?? [] }

  /// The stacks of a profile: sums of a column, over all stacks and over those whose innermost frame outside the
  /// allocator is a function.
  struct Stacks {
    let profile: [String: Any]

    var columns: [String] {
      (profile["columns"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    }
    var samples: Int { (profile["quality"] as? [String: Any])?["samples"] as? Int ?? 0 }

    func total(_ column: String) throws -> Double { try sum(column) { _ in true } }

    func at(_ function: String, _ column: String) throws -> Double {
      try sum(column) { stack in
        stack.first { $0["role"] as? String != "allocator" }?["function"] as? String == function
      }
    }

    /// Everything below a function.
    func below(_ function: String, _ column: String) throws -> Double {
      try sum(column) { $0.contains { $0["function"] as? String == function } }
    }

    private func sum(_ column: String, where isWanted: ([[String: Any]]) -> Bool) throws -> Double {
      let index = try #require(columns.firstIndex(of: column), "\(columns)")
      let frames = profile["frames"] as? [[String: Any]] ?? []
      return (profile["samples"] as? [[String: Any]] ?? []).reduce(0) { sum, sample in
        let stack = (sample["stack"] as? [Int] ?? []).map { frames[$0] }
        return isWanted(stack) ? sum + ((sample["values"] as? [Double])?[index] ?? 0) : sum
      }
    }
  }

  func growth() throws -> Stacks {
    Stacks(profile: try #require(profile["growth"] as? [String: Any], "\(run.errors) \(unavailable)"))
  }

  func heaps() -> [Stacks] {
    (profile["heaps"] as? [[String: Any]] ?? []).map(Stacks.init)
  }
}
