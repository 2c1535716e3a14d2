import Model

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
    let subjects = try subjects(of: draft)
    let variants = try variants(of: draft)
    let reference = try reference(of: draft, among: variants)
    let rate = draft.rate ?? 100
    if draft.memoryLimit != nil && rate == 0 {
      throw InputError(
        "a memory limit needs the sampler, which is off", hint: "leave --memory-limit or --rate 0 out")
    }
    return Plan(
      title: draft.title ?? title(subjects, variants), subjects: subjects, variants: variants,
      settings: try settings(of: draft, variants), reference: reference, trials: draft.trials ?? 6,
      warmupBlocks: draft.warmup ?? 1, seed: draft.seed ?? seed,
      sampling: Sampling(rateHz: rate, latency: draft.latency ?? false),
      limits: Limits(time: draft.timeLimit ?? Nanoseconds(seconds: 60), memory: draft.memoryLimit),
      libraries: draft.libraries, directory: draft.directory, strict: draft.strict ?? false,
      keepsEnvironment: draft.keepsEnvironment ?? false)
  }

  /// What a run without a title is called: `larson, sawtooth on 3 variants`.
  private func title(_ subjects: [Subject], _ variants: [Variant]) -> String {
    let names = subjects.map { $0.arm ?? $0.workload }
    let shown = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
    return shown + " on " + (variants.count == 1 ? "\(variants[0])" : "\(variants.count) variants")
  }

  private func subjects(of draft: PlanDraft) throws(InputError) -> [Subject] {
    if let commands = draft.commands { return commands }
    guard let requests = draft.workloads, !requests.isEmpty else {
      throw InputError(
        "nothing to run: no workload is named",
        hint: "name a plan, or --workload; see `heapscale list workloads`")
    }
    var result: [Subject] = []
    for request in requests {
      guard let spec = workloads.first(where: { $0.id == request.id }) else {
        throw InputError.unknown("workload", request.id, among: workloads.map(\.id), at: request.location)
      }
      do throws(InputError) {
        let parameters = try spec.resolve(request.parameters, scale: draft.scale ?? .default)
        let subject = Subject.workload(id: spec.id, parameters: parameters)
        guard !result.contains(subject) else { throw InputError("workload '\(spec.id)' stands here twice") }
        result.append(subject)
      } catch {
        throw InputError(error.message, hint: error.hint, at: request.location)
      }
    }
    return result
  }

  private func variants(of draft: PlanDraft) throws(InputError) -> [Variant] {
    let requested = draft.variants ?? [(Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc"), nil)]
    var result: [Variant] = []
    for (variant, location) in requested where !result.contains(variant) {
      guard let allocator = allocators.first(where: { $0.id == variant.allocator }) else {
        // A command may preload a library of the user's own: the caller has already added it.
        throw InputError.unknown(
          "allocator", variant.allocator.rawValue, among: allocators.map(\.id.rawValue),
          in: "variant '\(variant)'", at: location)
      }
      guard variant.foreignArchitecture == nil, allocator.build(for: variant) != nil else {
        throw InputError(
          "there is no variant '\(variant)'",
          hint: allocator.builds.isEmpty
            ? "\(variant.allocator) is known for its settings only"
            : "\(variant.allocator) comes as: \(allocator.builds.keys.sorted().joined(separator: ", "))",
          at: location)
      }
      result.append(variant)
    }
    guard !result.isEmpty else { throw InputError("nothing to run: no variant is named") }
    return result
  }

  private func reference(of draft: PlanDraft, among variants: [Variant]) throws(InputError) -> Variant {
    guard let reference = draft.reference else {
      let usual = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
      return variants.contains(usual) ? usual : variants[0]
    }
    guard variants.contains(reference) else {
      throw InputError(
        "the reference '\(reference)' is not among the variants",
        hint: "one of: \(variants.map(\.description).joined(separator: ", "))")
    }
    return reference
  }

  private func settings(of draft: PlanDraft, _ variants: [Variant]) throws(InputError) -> [SettingsSet] {
    var result = [SettingsSet.none]
    for request in draft.settings ?? [] {
      for set in try request.sets(allocators) {
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
