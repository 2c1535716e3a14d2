import Model
import Synchronization

/// What the files of running images hold, each read once as long as it stays the same.
public final class ImageFiles: Sendable {
  private struct Known {
    var stamp: Files.Stamp
    var evidence: StaticEvidence?
  }

  private let allocators: [AllocatorSpec]
  private let known = Mutex<[String: Known]>([:])

  /// Looks for the marks of these allocators.
  public init(allocators: [AllocatorSpec]) { self.allocators = allocators }

  /// What a file holds; nil when it is gone or no ELF file.
  public func evidence(_ path: String) -> StaticEvidence? {
    guard let stamp = Files.stamp(path) else { return nil }
    if let found = known.withLock({ $0[path] }), found.stamp == stamp { return found.evidence }
    let evidence = try? StaticEvidence.read(file: path, allocators: allocators)
    known.withLock { $0[path] = Known(stamp: stamp, evidence: evidence) }
    return evidence
  }
}
