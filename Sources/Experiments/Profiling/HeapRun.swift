import Foundation
import Model
import Probes
import Targets

/// A run in which the allocator writes a profile of its heap.
public struct HeapRun: Sendable {
  /// How the allocator is told to.
  public let profiling: HeapProfiling
  private let place: PrivateFolder
  private var folder: String { place.path }

  /// Prepares a run for a variant's allocator, with a temporary folder for its files.
  ///
  /// Throws: `InputError` when the allocator cannot write a heap profile there.
  public init(_ variant: Variant, catalogue: Catalogue) throws {
    let able = catalogue.allocators.filter { $0.heapProfiling != nil }.map(\.id.rawValue)
    guard let profiling = try catalogue.allocator(variant.allocator).heapProfiling,
      profiling.works(with: variant)
    else {
      throw InputError(
        "\(variant) writes no heap profile",
        hint:
          "these can, with glibc: \(able.joined(separator: ", ")); a file the program writes by itself is read by --heap-profile FILE"
      )
    }
    self.profiling = profiling
    do {
      place = try PrivateFolder(kind: "heap")
    } catch {
      throw ProbeError.system(call: "mkdtemp", subject: error.place, errno: error.errno)
    }
  }

  /// Runs a program once more and gives the last profile of each of its processes.
  ///
  /// Throws: `ProbeError` when the harness fails.
  public func run(_ prepared: PreparedCell, helperPath: String, interrupt: Int32) throws(ProbeError)
    -> [String]
  {
    var launch = prepared.launch
    launch.environment = profiling.adding(to: launch.environment, prefix: folder + "/heap")
    let supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
    _ = try supervisor.run(launch, sampling: Sampling(rateHz: 0))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return last(of: names.filter { $0.hasSuffix(".heap") }).map { folder + "/" + $0 }
  }

  /// Removes the files.
  public func remove() { place.remove() }

  /// The names count dumps: `heap.0003.heap` of gperftools, `heap.PID.2.f.heap` of jemalloc.
  private func last(of names: [String]) -> [String] {
    var result: [String: (number: Int, name: String)] = [:]
    for name in names {
      let words = name.split(separator: ".")
      let place = profiling.format == .gperftools ? 1 : 2
      guard words.count > place, let number = Int(words[place].split(separator: "_").last ?? "") else {
        continue
      }
      let process = profiling.format == .gperftools ? "" : String(words[1])
      if (result[process]?.number ?? -1) < number { result[process] = (number, name) }
    }
    return result.values.map(\.name).sorted()
  }
}
