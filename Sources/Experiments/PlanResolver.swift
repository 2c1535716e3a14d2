import Model
import Targets

/// Turns a draft into an immutable plan, or says what is wrong with it.
public struct PlanResolver: Sendable {
  private let workloads: [WorkloadSpec]
  private let allocators: [AllocatorSpec]

  /// Resolves against what there is.
  public init(workloads: [WorkloadSpec], allocators: [AllocatorSpec]) {
    self.workloads = workloads
    self.allocators = allocators
  }

  /// The plan. `seed` stands in where the draft names none.
  ///
  /// Throws: `InputError` for unknown workloads, parameters, allocators or combinations that make no sense.
  public func resolve(_ draft: PlanDraft, seed: UInt64) throws(InputError) -> Plan {
    let (subjects, fit) = try subjects(of: draft)
    let variants = try variants(of: draft, fit)
    let reference = try reference(of: draft, among: variants, fit)
    let rate = draft.rate ?? 100
    if draft.memoryLimit != nil && rate == 0 {
      throw InputError(
        "a memory limit needs the sampler, which is off", hint: "leave --memory-limit or --rate 0 out")
    }
    return Plan(
      title: draft.title ?? title(subjects, variants), subjects: subjects, variants: variants,
      settings: try settings(of: draft, fit, variants), reference: reference, trials: trials(of: draft),
      warmupBlocks: draft.warmup ?? 1, seed: draft.seed ?? seed,
      sampling: Sampling(
        rateHz: rate, latency: draft.latency ?? false, events: draft.events ?? .standard),
      limits: Limits(time: draft.timeLimit ?? Nanoseconds(seconds: 60), memory: draft.memoryLimit),
      libraries: draft.libraries, directory: draft.directory, strict: draft.strict ?? false,
      measuresInert: draft.measuresInert ?? false, keepsEnvironment: draft.keepsEnvironment ?? false,
      stopping: try stopping(of: draft),
      simulationLimit: try simulationLimit(of: draft))
  }

  /// A simulated program is 20 to 60 times slower, but simulated runs are shorter than measured ones.
  private func simulationLimit(of draft: PlanDraft) throws(InputError) -> Nanoseconds? {
    guard draft.simulate == true else {
      guard draft.simulationLimit == nil else {
        throw InputError(
          "a time limit for simulated runs is given, and nothing is simulated", hint: "add --simulate")
      }
      return nil
    }
    let limit = draft.timeLimit ?? Nanoseconds(seconds: 60)
    return draft.simulationLimit ?? Nanoseconds(limit.count * 10)
  }

  private func trials(of draft: PlanDraft) -> Int {
    if case .fixed(let count)? = draft.trials { count } else { Stopping.most }
  }

  private func stopping(of draft: PlanDraft) throws(InputError) -> Stopping? {
    guard case .fixed? = draft.trials else {
      return Stopping(budget: draft.budget ?? Stopping().budget)
    }
    guard draft.budget == nil else {
      throw InputError(
        "a time budget is for a run that stops by itself", hint: "leave --budget or --trials N out")
    }
    return nil
  }

  /// A variant as it is meant for workloads: where all are in Go, `glibc/dynamic` is `glibc/dynamic/glibc/cgo`.
  ///
  /// Throws: `InputError` when none of them is built as it.
  public func variant(_ written: Variant, for workloads: [WorkloadSpec]) throws(InputError) -> Variant {
    let fit = VariantFit(workloads: workloads.map { ($0, nil) })
    let variant = fit.meant(written)
    guard workloads.contains(where: { $0.runs(as: variant) }) else { throw fit.refusal(of: variant) }
    return variant
  }

  /// What a run without a title is called: `larson, sawtooth on 3 variants`.
  private func title(_ subjects: [Subject], _ variants: [Variant]) -> String {
    let names = subjects.map { $0.arm ?? $0.workload }
    let shown = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
    return shown + " on " + (variants.count == 1 ? "\(variants[0])" : "\(variants.count) variants")
  }

  private func subjects(of draft: PlanDraft) throws(InputError) -> ([Subject], VariantFit) {
    if let commands = draft.commands { return (commands, VariantFit(workloads: [])) }
    guard let requests = draft.workloads, !requests.isEmpty else {
      throw InputError(
        "nothing to run: no workload is named",
        hint: "name a plan, or --workload; see `heapscale list workloads`")
    }
    var result: [Subject] = []
    var specs: [(spec: WorkloadSpec, location: InputError.Location?)] = []
    for request in requests {
      guard let spec = workloads.first(where: { $0.id == request.id }) else {
        throw InputError.unknown("workload", request.id, among: workloads.map(\.id), at: request.location)
      }
      do throws(InputError) {
        let parameters = try spec.resolve(request.parameters, scale: draft.scale ?? .default)
        let subject = Subject.workload(id: spec.id, parameters: parameters)
        guard !result.contains(subject) else { throw InputError("workload '\(spec.id)' stands here twice") }
        result.append(subject)
        specs.append((spec, request.location))
      } catch {
        throw InputError(error.message, hint: error.hint, at: request.location)
      }
    }
    return (result, VariantFit(workloads: specs))
  }

  private static let usual = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")

  private func variants(of draft: PlanDraft, _ fit: VariantFit) throws(InputError) -> [Variant] {
    var result: [(variant: Variant, location: InputError.Location?)] = []
    for (written, location) in draft.variants ?? [(Self.usual, nil)] {
      let variant = fit.meant(written)
      guard !result.contains(where: { $0.variant == variant }) else { continue }
      guard let allocator = allocators.first(where: { $0.id == variant.allocator }) else {
        // A command may preload a library of the user's own: the caller has already added it.
        throw InputError.unknown(
          "allocator", variant.allocator.rawValue, among: allocators.map(\.id.rawValue),
          in: "variant '\(variant)'", at: location)
      }
      guard variant.foreignArchitecture == nil, allocator.build(for: variant) != nil else {
        throw InputError(
          "there is no variant '\(variant)'",
          hint: hint(allocator, isGo: variant.isGo), at: location)
      }
      result.append((variant, location))
    }
    guard !result.isEmpty else { throw InputError("nothing to run: no variant is named") }
    if draft.commands == nil { try fit.check(result) }
    return result.map(\.variant)
  }

  private func hint(_ allocator: AllocatorSpec, isGo: Bool) -> String {
    let known = allocator.variants.filter { $0.isGo == isGo }.map(\.description)
    if known.isEmpty {
      return "\(allocator.id) " + (isGo ? "does not go into Go programs" : "is known for its settings only")
    }
    return "\(allocator.id) comes as: \(known.joined(separator: ", "))"
  }

  private func reference(of draft: PlanDraft, among variants: [Variant], _ fit: VariantFit)
    throws(InputError) -> Variant
  {
    guard let reference = draft.reference.map({ fit.meant($0) }) else {
      let usual = fit.meant(Self.usual)
      return variants.contains(usual) ? usual : variants[0]
    }
    guard variants.contains(reference) else {
      throw InputError(
        "the reference '\(reference)' is not among the variants",
        hint: "one of: \(variants.map(\.description).joined(separator: ", "))")
    }
    return reference
  }

  private func settings(
    of draft: PlanDraft, _ fit: VariantFit, _ variants: [Variant]
  ) throws(InputError) -> [SettingsSet] {
    var result = [SettingsSet.none]
    for request in draft.settings ?? [] {
      for set in try request.sets(allocators).map(fit.meant) {
        guard !result.contains(where: { $0.name == set.name }) else {
          throw InputError(
            "the settings '\(set.name)' stand here twice", hint: "give each set a name of its own",
            at: request.location)
        }
        try check(set, variants, at: request.location)
        result.append(set)
      }
    }
    return result
  }

  /// A target that no variant of the plan answers to is a mistake: nothing would run with the set.
  private func check(
    _ set: SettingsSet, _ variants: [Variant], at location: InputError.Location?
  ) throws(InputError) {
    for target in set.targets {
      let alone = SettingsSet(name: set.name, environment: [], targets: [target])
      guard !variants.contains(where: alone.applies) else { continue }
      throw InputError(
        "settings '\(set.name)' are for '\(target)', which is no variant of this plan and no allocator in it",
        hint: "variants: \(variants.map(\.description).joined(separator: ", "))", at: location)
    }
  }
}
