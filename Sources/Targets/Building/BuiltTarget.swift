import Model

/// A workload built as a variant, ready to be started.
public struct BuiltTarget: Hashable, Sendable {
  /// The workload's id.
  public let workload: String
  /// What it was built as.
  public let variant: Variant
  /// The program.
  public let executable: String
  /// The size of the program's file.
  public let size: Bytes
  /// The library for `LD_PRELOAD`, links resolved; nil unless the variant is a preload.
  public let preloadLibrary: String?
  /// The program and the allocator's file, with digests and origins.
  public let artifacts: [ArtifactRecord]
  /// The compiler with its version, and the flags.
  public let toolchain: String
  /// What the program's file tells about its allocator.
  public let evidence: StaticEvidence

  /// States what was built.
  public init(
    workload: String, variant: Variant, executable: String, size: Bytes, preloadLibrary: String?,
    artifacts: [ArtifactRecord], toolchain: String, evidence: StaticEvidence
  ) {
    self.workload = workload
    self.variant = variant
    self.executable = executable
    self.size = size
    self.preloadLibrary = preloadLibrary
    self.artifacts = artifacts
    self.toolchain = toolchain
    self.evidence = evidence
  }
}

/// Whether a variant can be built on this machine.
public enum Availability: Hashable, Sendable {
  /// Everything is there; which library or compiler it will be.
  case available(String)
  /// It can be had by building the allocator from source first; what that takes.
  case buildable(String)
  /// Something is missing: what, and the command that installs it.
  case missing(String)
}
