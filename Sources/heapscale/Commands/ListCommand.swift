import ArgumentParser
import Foundation
import Model
import Reports
import Targets

/// `heapscale list`: what there is to choose from.
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists workloads, allocators, settings, variants, plans, metrics or formats.",
    discussion: """
        heapscale list workloads            titles; with --verbose patterns, parameters and what to look at
        heapscale list variants             what can be built here, and what installs the rest
        heapscale list settings --allocator jemalloc --verbose
                                            variables, keys, ranges, defaults, and where they bite
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case workloads, allocators, settings, variants, plans, metrics, formats
  }

  @Argument(help: "workloads, allocators, settings, variants, plans, metrics or formats.")
  var kind: Kind

  @Flag(name: .shortAndLong, help: "More about each.")
  var verbose = false

  @Option(help: "Only the settings of this allocator.")
  var allocator: String?

  func validate() throws {
    guard allocator == nil || kind == .settings else {
      throw ValidationError("--allocator is for 'heapscale list settings'.")
    }
  }

  func run() async throws {
    try await Failure.handled {
      let bench = try Workbench.load()
      let lines =
        switch kind {
        case .workloads: bench.catalogue.workloads.flatMap(workload)
        case .allocators: bench.catalogue.allocators.flatMap(describe)
        case .settings: try settings(bench.catalogue)
        case .variants: await variants(bench)
        case .plans: plans(bench)
        case .metrics: Measurement.definitions.map(metric)
        case .formats: ReportRegistry.all.map { pad($0.id, 12) + $0.summary }
        }
      Terminal.output(lines.joined(separator: "\n") + "\n")
    }
  }

  private func workload(_ spec: WorkloadSpec) -> [String] {
    let head = pad(spec.id, 14) + spec.title
    guard verbose else { return [head] }
    var lines = [head] + wrapped(spec.pattern) + wrapped("Exposes: \(spec.exposes).")
    lines += wrapped("Reference: \(spec.reference)")
    lines += spec.namesake.map { wrapped("Its namesake: \($0)") } ?? []
    lines += wrapped("Look at: \(spec.analysis)")
    for parameter in spec.parameters {
      let sizes = Scale.allCases.map { scale in
        let value = parameter.values[scale] ?? parameter.values[.default] ?? 0
        return "\(scale.rawValue) \(Quantity.text(value, as: parameter.type))"
      }
      lines += wrapped("\(parameter.name) (\(sizes.joined(separator: ", "))): \(parameter.explanation)")
    }
    return lines + [""]
  }

  private func describe(_ spec: AllocatorSpec) -> [String] {
    let head = pad(spec.id.rawValue, 18) + spec.title
    guard verbose else { return [head] }
    let names = spec.variants.map(\.description).joined(separator: ", ")
    let variants = names.isEmpty ? "Known for its settings only." : "As: \(names)"
    return [head] + wrapped(spec.explanation) + wrapped(variants) + [""]
  }

  private func settings(_ catalogue: Catalogue) throws(InputError) -> [String] {
    let chosen = try allocator.map { (name) throws(InputError) in
      [try catalogue.allocator(AllocatorID(name))]
    }
    return (chosen ?? catalogue.allocators).flatMap {
      SettingsListing(allocator: $0, verbose: verbose).lines
    }
  }

  private func variants(_ bench: Workbench) async -> [String] {
    var lines: [String] = []
    for variant in bench.catalogue.variants {
      switch await bench.builder.availability(of: variant) {
      case .available(let detail): lines.append(pad(variant.description, 34) + "ready      \(detail)")
      case .buildable(let detail): lines.append(pad(variant.description, 34) + "buildable  \(detail)")
      case .missing(let reason): lines.append(pad(variant.description, 34) + "missing    \(reason)")
      }
    }
    return lines
  }

  private func plans(_ bench: Workbench) -> [String] {
    bench.planNames.flatMap { name -> [String] in
      let path = "\(bench.folder.plans)/\(name).yaml"
      guard let text = try? String(contentsOfFile: path, encoding: .utf8),
        let map = try? YAMLMap(text: text, file: path)
      else { return [name] }
      let title = (try? map.string("title")) ?? ""
      let explanation = (try? map.string("explanation")) ?? ""
      return [pad(name, 14) + title] + (verbose ? wrapped(explanation) + [""] : [])
    }
  }

  private func metric(_ definition: MetricDefinition) -> String {
    let better = definition.better == .lower ? "lower is better" : "higher is better"
    let unit = definition.unit == .count ? "count" : definition.unit.rawValue
    return pad(definition.id.rawValue, 22) + pad(unit, 7) + pad(better, 18) + definition.explanation
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count >= width ? text + "  " : TextColumns.padded(text, width)
  }

  private func wrapped(_ text: String) -> [String] { TextColumns.wrapped(text) }
}
