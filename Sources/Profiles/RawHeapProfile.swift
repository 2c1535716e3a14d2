import Model

/// A profile as a program wrote it: places in code are addresses, until somebody with the files names them.
public struct RawHeapProfile: Hashable, Sendable {
  /// A mapped file at the time of writing.
  public struct Mapping: Hashable, Sendable {
    /// The first address.
    public var start: UInt64
    /// The first address behind it.
    public var end: UInt64
    /// Where in the file `start` lies, in bytes.
    public var fileOffset: UInt64
    /// The file, or a name in brackets that the kernel gave it.
    public var file: String
    /// Whether code in it may run; files that do not say name nothing else.
    public var isExecutable: Bool
    /// The file's build-id in hexadecimal digits; nil when the profile does not say.
    public var buildID: String?
    /// The file's inode; nil when the profile does not say.
    public var inode: UInt64?

    /// States a mapping.
    public init(
      start: UInt64, end: UInt64, fileOffset: UInt64, file: String, isExecutable: Bool = true,
      buildID: String? = nil, inode: UInt64? = nil
    ) {
      self.start = start
      self.end = end
      self.fileOffset = fileOffset
      self.file = file
      self.isExecutable = isExecutable
      self.buildID = buildID
      self.inode = inode
    }
  }

  /// A place in code.
  public struct Place: Hashable, Sendable {
    /// An address within the call instruction: one below the return address that the file has.
    public var address: UInt64
    /// Its frames when the file names them, the innermost first; empty when a symbolizer has to.
    public var frames: [Frame]

    /// States a place.
    public init(address: UInt64, frames: [Frame] = []) {
      self.address = address
      self.frames = frames
    }
  }

  /// A stack and its values.
  public struct Sample: Hashable, Sendable {
    /// Indices into `places`, the innermost first.
    public var stack: [Int]
    /// One value for each column.
    public var values: [Double]
    /// What the program said beside them; nil where it said nothing.
    public var labels: [StackProfile.Label]?

    /// States a stack.
    public init(stack: [Int], values: [Double], labels: [StackProfile.Label]? = nil) {
      self.stack = stack
      self.values = values
      self.labels = labels
    }
  }

  /// The form in which it was written.
  public var format: HeapProfileFormat
  /// What the values mean. Heap profiles have some of `live_objects`, `live_bytes`, `allocated_objects` and
  /// `allocated_bytes`; what the program did not record has no column.
  public var columns: [StackProfile.Column]
  /// Mapped files in the order of the file; what ends before it begins is none.
  public let mappings: [Mapping]
  private let byAddress: [Mapping]
  /// Every place that occurs, once.
  public var places: [Place]
  /// Stacks with values.
  public var samples: [Sample]
  /// Doubts and hints, in sentences.
  public var notes: [String]
  /// How it was sampled; nil when the file does not say.
  public var period: StackProfile.Period?

  /// States a profile.
  public init(
    format: HeapProfileFormat, columns: [StackProfile.Column], mappings: [Mapping], places: [Place],
    samples: [Sample], notes: [String] = []
  ) {
    self.format = format
    self.columns = columns
    self.mappings = mappings.filter { $0.start <= $0.end }
    byAddress = mappings.filter { $0.start < $0.end }.sorted { $0.start < $1.start }
    self.places = places
    self.samples = samples
    self.notes = notes
  }

  /// Whether the file itself names all its places.
  public var isResolved: Bool { places.allSatisfy { !$0.frames.isEmpty } }

  /// The mapping that holds an address.
  public func mapping(of address: UInt64) -> Mapping? {
    // By halves: a file may list hundreds of thousands, and each of as many places asks.
    var low = 0
    var high = byAddress.count
    while low < high {
      let middle = (low + high) / 2
      if byAddress[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address < byAddress[low - 1].end else { return nil }
    return byAddress[low - 1]
  }

  /// The profile with names instead of addresses.
  ///
  /// The symbolizer is asked once for each place that the file does not name; what it does not know either
  /// (no frames) becomes its place in the file of its mapping, `0x11fc`.
  public func resolve(
    title: String, symbolizer: (_ address: UInt64, _ mappings: [Mapping]) -> [Frame]
  ) -> StackProfile {
    let frames = places.map { place -> [Frame] in
      if !place.frames.isEmpty { return place.frames }
      let found = symbolizer(place.address, mappings)
      return found.isEmpty ? [unnamed(place.address)] : found
    }
    var builder = StackProfileBuilder(title: title, columns: columns)
    for sample in samples {
      builder.add(sample.stack.flatMap { frames[$0] }, values: sample.values, labels: sample.labels)
    }
    return builder.finished(notes: notes)
  }

  /// The profile without a symbolizer: names as far as the file has them.
  public func resolve(title: String) -> StackProfile { resolve(title: title) { _, _ in [] } }

  /// An address without a name: by its place in its file, which is the same in every run, else as it is. So call sites
  /// stay apart.
  public func unnamed(_ address: UInt64) -> Frame {
    let mapping = mapping(of: address)
    let place = mapping.map { address - $0.start &+ $0.fileOffset } ?? address
    return Frame(function: "0x" + String(place, radix: 16), object: mapping?.file ?? "", role: .unknown)
  }
}
