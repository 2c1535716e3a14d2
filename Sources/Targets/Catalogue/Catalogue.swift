import Model

/// Every workload and every allocator that this installation knows.
public struct Catalogue: Hashable, Sendable {
  /// In the order of their ids.
  public private(set) var workloads: [WorkloadSpec]
  /// In the order of their ids.
  public private(set) var allocators: [AllocatorSpec]

  /// Puts a catalogue together.
  public init(workloads: [WorkloadSpec], allocators: [AllocatorSpec]) {
    self.workloads = workloads.sorted { $0.id < $1.id }
    self.allocators = allocators.sorted { $0.id < $1.id }
  }

  /// Reads every folder that holds a `workload.yaml` and every `allocators/*.yaml`.
  ///
  /// Throws: `InputError` with file, line and column for the first thing that is wrong.
  public static func load(from folder: DataFolder) throws(InputError) -> Catalogue {
    var workloads: [WorkloadSpec] = []
    for name in Files.names(in: folder.workloads)
    where Files.exists("\(folder.workloads)/\(name)/workload.yaml") {
      workloads.append(try WorkloadFile.read(folder: "\(folder.workloads)/\(name)"))
    }
    var files: [AllocatorFile.Content] = []
    for name in Files.names(in: folder.allocators) where name.hasSuffix(".yaml") {
      files.append(try AllocatorFile.read("\(folder.allocators)/\(name)"))
    }
    let catalogue = Catalogue(workloads: workloads, allocators: try withSharedSettings(files))
    try catalogue.checkReferences(in: folder)
    return catalogue
  }

  /// The workload of a name.
  ///
  /// Throws: `InputError.unknown` with the nearest name.
  public func workload(_ id: String) throws(InputError) -> WorkloadSpec {
    guard let found = workloads.first(where: { $0.id == id }) else {
      throw InputError.unknown("workload", id, among: workloads.map(\.id))
    }
    return found
  }

  /// The allocator of a name.
  ///
  /// Throws: `InputError.unknown` with the nearest name.
  public func allocator(_ id: AllocatorID) throws(InputError) -> AllocatorSpec {
    guard let found = allocators.first(where: { $0.id == id }) else {
      throw InputError.unknown("allocator", id.rawValue, among: allocators.map(\.id.rawValue))
    }
    return found
  }

  /// Every variant that some allocator's file describes, installed or not.
  public var variants: [Variant] {
    allocators.flatMap(\.variants).sorted()
  }

  /// Checks that a variant is one of them.
  ///
  /// Throws: `InputError` that says which ways the allocator has, or what the allocator might be called.
  public func check(_ variant: Variant) throws(InputError) {
    let spec = try allocator(variant.allocator)
    guard spec.build(for: variant) == nil else { return }
    let known = spec.variants.filter { $0.isGo == variant.isGo }.map(\.description).joined(separator: ", ")
    throw InputError(
      "variant '\(variant)': \(variant.allocator) does not come as "
        + "\(variant.libc.rawValue)/\(variant.linkage.rawValue)" + (variant.isGo ? " for Go programs" : ""),
      hint: known.isEmpty ? "it is known for its settings only" : "known: \(known)")
  }

  /// The same catalogue with one allocator more, such as a library of the user's own.
  public func adding(_ allocator: AllocatorSpec) -> Catalogue {
    Catalogue(workloads: workloads, allocators: allocators.filter { $0.id != allocator.id } + [allocator])
  }

  /// The allocators, each with the settings of the one that its `from` names, unless it describes them itself.
  private static func withSharedSettings(_ files: [AllocatorFile.Content]) throws(InputError)
    -> [AllocatorSpec]
  {
    var result: [AllocatorSpec] = []
    for file in files {
      var spec = file.allocator
      if let (id, place) = file.settingsOf {
        guard let other = files.first(where: { $0.allocator.id == id && $0.settingsOf == nil }) else {
          throw InputError.unknown(
            "allocator", id.rawValue, among: files.map(\.allocator.id.rawValue), in: "settings, from",
            at: place)
        }
        spec.settings = spec.settings.adding(other.allocator.settings)
      }
      result.append(spec)
    }
    return result
  }

  private func checkReferences(in folder: DataFolder) throws(InputError) {
    for spec in allocators {
      for other in spec.marks.includes where !allocators.contains(where: { $0.id == other }) {
        throw InputError.unknown(
          "allocator", other.rawValue, among: allocators.map(\.id.rawValue), in: "marks, includes",
          at: .init(file: "\(folder.allocators)/\(spec.id).yaml", line: 1, column: 1))
      }
    }
  }
}

extension AllocatorSpec {
  /// The variants that its file describes, each for C programs and, where it can be, for Go programs with cgo.
  public var variants: [Variant] {
    builds.keys.compactMap { try? Variant(parsing: "\($0)/\(id)") }
      .flatMap { $0.isGo || build(for: $0.forGo) == nil ? [$0] : [$0, $0.forGo] }
      .sorted()
  }
}
