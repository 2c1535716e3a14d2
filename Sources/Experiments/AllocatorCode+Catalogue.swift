import Model
import Probes
import Targets

extension AllocatorCode {
  /// The allocator of a variant, or of whatever library a process that runs already has: its libraries and its entry
  /// points, as its file in the catalogue says.
  ///
  /// A libc shares its file with everything else, so that for its malloc the entry points decide. In a Go program,
  /// whatever serves malloc, Go's own heap counts as well: it is the larger part.
  public init(of variant: Variant?, catalogue: Catalogue) {
    let candidates = catalogue.allocators.filter { allocator in
      variant == nil || variant?.allocator == allocator.id || (variant?.isGo == true && allocator.id == "go")
    }
    let files = candidates.filter { !AllocatorCode.withoutLibrary.contains($0.id) }.flatMap(\.marks.files)
    self.init(
      libraries: files.map { $0.split(separator: "/").last.map(String.init) ?? $0 },
      entryPoints: Set(candidates.flatMap(\.marks.entries)))
  }

  /// The same for stacks: there the functions by which our own workloads call malloc, and count it, are no call sites
  /// either. In counts of loads and stores they stay the workload's.
  public init(inStacksOf variant: Variant?, catalogue: Catalogue) {
    self.init(of: variant, catalogue: catalogue)
    entryPoints.formUnion(["hs_malloc", "hs_calloc", "hs_aligned", "hs_realloc", "hs_free"])
  }

  private static let withoutLibrary: Set<AllocatorID> = ["glibc", "musl", "go"]

  /// Whether programs of a variant load one of the libraries: then some of its code must run in them.
  func hasLibrary(in variant: Variant) -> Bool {
    variant.linkage != .static && variant.libc != .none && !libraries.isEmpty
  }
}
