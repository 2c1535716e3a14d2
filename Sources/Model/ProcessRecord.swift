/// What was seen of one program image in a process: from its exec, or from the fork that copied it, to the next exec or
/// to the end.
public struct ImageEvidence: Hashable, Codable, Sendable {
  /// Who serves malloc and free in an image.
  public enum Allocation: Hashable, Codable, Sendable {
    /// The files that the dynamic linker takes malloc and free from, in the order in which it searches.
    case resolved(malloc: String, free: String)
    /// There is no dynamic linker: what serves malloc stands in the program's file.
    case withoutLinker
    /// Nobody could look; why.
    case unknown(String)
  }

  /// Why nothing is known of an image in which the program itself never ran: its libraries were still being loaded, or
  /// one of them was missing.
  public static let unfinishedLinker = "its dynamic linker had not finished yet"

  /// The program's file (/proc/PID/exe); empty when it could not be read.
  public var path: String
  /// Who serves malloc.
  public var allocation: Allocation
  /// Libraries that its environment asks to preload, in their order (LD_PRELOAD as of its exec); nil when unknown.
  public var preloads: [String]?
  /// Files that were mapped, each once, in the order of addresses; nil when unknown.
  public var mappedFiles: [String]?

  /// States what was seen.
  public init(
    path: String, allocation: Allocation, preloads: [String]? = nil, mappedFiles: [String]? = nil
  ) {
    self.path = path
    self.allocation = allocation
    self.preloads = preloads
    self.mappedFiles = mappedFiles
  }
}

/// One process of a measured tree, as it is kept with the trial.
public struct ProcessRecord: Hashable, Codable, Sendable {
  /// A program image that ran in it.
  public struct Image: Hashable, Codable, Sendable {
    /// The program's file; empty when it is not known.
    public var path: String
    /// When it began, since the release of the root.
    public var began: Nanoseconds
    /// Which allocator served malloc, and how that is known.
    public var identity: Identity

    /// States an image.
    public init(path: String, began: Nanoseconds, identity: Identity) {
      self.path = path
      self.began = began
      self.identity = identity
    }
  }

  /// Its process id; several processes of a trial may have had it, one after the other.
  public var pid: Int32
  /// Its parent's when it began.
  public var parent: Int32
  /// When it began, since the release of the root.
  public var began: Nanoseconds
  /// When it ended; nil when it was still there at the end of the trial.
  public var ended: Nanoseconds?
  /// The images that ran in it, one after the other; the first is a copy of its parent's.
  public var images: [Image]
  /// The highest resident set that was seen (VmHWM at its end, or the highest reading); nil when it was not read.
  public var peakResident: Bytes?
  /// Its own CPU time with all its threads, without its children's; nil when it was not read.
  public var cpu: Nanoseconds?
  /// Its status as wait4(2) gave it; nil when nobody saw its end.
  public var status: Int32?
  /// Its share of the tree's resident memory over time, from 0 to 1; nil without a curve.
  public var residentShare: Double?
  /// Its arguments when they were last read (`ProcessName`); nil when they were not.
  public var arguments: [String]?

  /// States a process.
  public init(
    pid: Int32, parent: Int32, began: Nanoseconds, ended: Nanoseconds?, images: [Image], peakResident: Bytes?,
    cpu: Nanoseconds?, status: Int32?, residentShare: Double?, arguments: [String]? = nil
  ) {
    self.pid = pid
    self.parent = parent
    self.began = began
    self.ended = ended
    self.images = images
    self.peakResident = peakResident
    self.cpu = cpu
    self.status = status
    self.residentShare = residentShare
    self.arguments = arguments
  }
}
