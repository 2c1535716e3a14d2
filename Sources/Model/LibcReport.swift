/// What of a variant changes while the rest of it stays.
public enum VariantFactor: String, Codable, Sendable, CaseIterable {
  /// The libc together with the allocator that is part of it.
  case libcWithAllocator = "libc_with_allocator"
  /// The libc alone: another allocator, the same on both sides, serves malloc.
  case libcAlone = "libc_alone"
  /// How the allocator gets into the program.
  case linkage
  /// The allocator.
  case allocator
}

/// Two variants that differ in one factor.
public struct VariantPair: Hashable, Codable, Sendable {
  /// What is compared with.
  public var baseline: Variant
  /// What is judged.
  public var candidate: Variant
  /// The name of the baseline in judgements, means and sentences.
  public var baselineName: String
  /// The name of the candidate there.
  public var candidateName: String
  /// How many workloads, each with its parameters, both were measured on.
  public var workloads: Int
  /// What changes besides, a sentence each.
  public var confounds: [String]

  /// States a pair.
  public init(
    baseline: Variant, candidate: Variant, baselineName: String, candidateName: String, workloads: Int,
    confounds: [String]
  ) {
    self.baseline = baseline
    self.candidate = candidate
    self.baselineName = baselineName
    self.candidateName = candidateName
    self.workloads = workloads
    self.confounds = confounds
  }
}

/// What changes when one factor changes.
public struct FactorEffect: Hashable, Codable, Sendable {
  /// The factor.
  public var factor: VariantFactor
  /// The pairs of variants that it rests on; empty when none was measured.
  public var pairs: [VariantPair]
  /// Judgements, means and sentences over all pairs; nil without pairs.
  public var comparison: ComparisonResult?

  /// States an effect.
  public init(factor: VariantFactor, pairs: [VariantPair], comparison: ComparisonResult?) {
    self.factor = factor
    self.pairs = pairs
    self.comparison = comparison
  }
}

/// How large the executable of one workload is, built as one variant.
public struct BinarySize: Hashable, Codable, Sendable {
  /// The workload.
  public var subject: Subject
  /// What it is built as.
  public var variant: Variant
  /// Size of the file with its symbols.
  public var size: Bytes

  /// States a size.
  public init(subject: Subject, variant: Variant, size: Bytes) {
    self.subject = subject
    self.variant = variant
    self.size = size
  }
}

/// A session arranged by libc and linkage: the effects of libc, linkage and allocator, apart from each other.
public struct LibcReport: Hashable, Codable, Sendable {
  /// The effects, one for each factor, in the order of `VariantFactor`.
  public var effects: [FactorEffect]
  /// The metrics that it speaks of, in order.
  public var metrics: [MetricDefinition]
  /// Sizes of the executables, workload by workload, in the order of the plan; a preload has the size of the dynamic
  /// program that it is.
  public var sizes: [BinarySize]
  /// Sentences about what disturbed the machine.
  public var noise: [String]

  /// States a report.
  public init(
    effects: [FactorEffect], metrics: [MetricDefinition], sizes: [BinarySize], noise: [String] = []
  ) {
    self.effects = effects
    self.metrics = metrics
    self.sizes = sizes
    self.noise = noise
  }
}
