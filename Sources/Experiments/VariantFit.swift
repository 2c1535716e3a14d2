import Model

/// Which variants of a plan go with which of its programs: those in Go are built as others than those in C and C++.
struct VariantFit {
  /// The plan's workloads, with the places where they were written.
  let workloads: [(spec: WorkloadSpec, location: InputError.Location?)]

  /// Whether every program is in Go, so that the variants need not say so.
  var isAllGo: Bool { !workloads.isEmpty && workloads.allSatisfy(\.spec.isGo) }

  /// A variant as the user meant it.
  func meant(_ variant: Variant) -> Variant { isAllGo ? variant.forGo : variant }

  /// Settings are written for variants as these were written.
  func meant(_ settings: SettingsSet) -> SettingsSet {
    guard isAllGo else { return settings }
    let targets = settings.targets.map { target in
      (try? Variant(parsing: target)).map { meant($0).description } ?? target
    }
    return SettingsSet(name: settings.name, environment: settings.environment, targets: targets)
  }

  /// Checks that every workload has a variant and every variant a workload.
  ///
  /// Throws: `InputError` for the first that has none, with what it could be.
  func check(_ variants: [(variant: Variant, location: InputError.Location?)]) throws(InputError) {
    for (spec, location) in workloads where !variants.contains(where: { spec.runs(as: $0.variant) }) {
      throw InputError(
        "workload '\(spec.id)' runs as none of the variants", hint: Self.hint(for: spec), at: location)
    }
    for (variant, location) in variants where !workloads.contains(where: { $0.spec.runs(as: variant) }) {
      throw refusal(of: variant, at: location)
    }
  }

  /// The error for a variant as which none of the workloads is built.
  func refusal(of variant: Variant, at location: InputError.Location? = nil) -> InputError {
    InputError(
      "none of the workloads runs as variant '\(variant)'", hint: Self.hint(for: variant), at: location)
  }

  private static func hint(for spec: WorkloadSpec) -> String {
    guard spec.isGo else { return "it is written in C: add a variant such as glibc/dynamic" }
    return spec.needsCgo
      ? "it is a Go program that calls C: add a variant such as glibc/dynamic/cgo"
      : "it is written in Go: add a variant such as glibc/dynamic/cgo or none/static"
  }

  private static func hint(for variant: Variant) -> String {
    switch variant.cgo {
    case nil: "it is for programs in C: for Go write \(variant.forGo), or add a workload in C"
    case true: "it is for programs in Go: leave /cgo out, or add a workload such as go-heap"
    default: "it is for Go programs that do not call C: add a workload such as go-heap"
    }
  }
}
