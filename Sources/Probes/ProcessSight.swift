import Model

/// Everything that was seen of one process of the measured tree. Its allocators are judged elsewhere.
public struct ProcessSight: Hashable, Sendable {
  /// A program image that ran in it.
  public struct Image: Hashable, Sendable {
    /// When it began, since the release of the root.
    public var began: Nanoseconds
    /// What was seen of it; unknown, with the reason, when nobody looked in time.
    public var evidence: ImageEvidence

    /// States an image.
    public init(began: Nanoseconds, evidence: ImageEvidence) {
      self.began = began
      self.evidence = evidence
    }
  }

  /// Its process id.
  public var pid: Int32
  /// Its parent's when it began; 0 for the root.
  public var parent: Int32
  /// When it began, since the release of the root.
  public var began: Nanoseconds
  /// When it ended; nil when nobody saw it.
  public var ended: Nanoseconds?
  /// The images that ran in it, one after the other; the first of a forked process is a copy of its parent's.
  public var images: [Image]
  /// VmHWM at its end, or the highest reading of the curve if that is higher; nil when it was never read.
  public var peakResident: Bytes?
  /// Its own CPU time with all its threads, without its children's; nil when it was not read.
  public var cpu: Nanoseconds?
  /// Its status as wait4(2) gave it; nil when nobody saw its end.
  public var status: Int32?
  /// Its resident bytes × seconds: what it holds of the area under the tree's curve.
  public var residentArea: Double
  /// Its arguments when they were last read, best at its end: a server gives itself a title there (`ProcessName`). At
  /// most 16 of them, of at most 256 characters each, are worth keeping; nil when they were not read.
  public var arguments: [String]? = nil

  /// States a process.
  public init(
    pid: Int32, parent: Int32, began: Nanoseconds, ended: Nanoseconds? = nil, images: [Image],
    peakResident: Bytes? = nil, cpu: Nanoseconds? = nil, status: Int32? = nil, residentArea: Double = 0
  ) {
    self.pid = pid
    self.parent = parent
    self.began = began
    self.ended = ended
    self.images = images
    self.peakResident = peakResident
    self.cpu = cpu
    self.status = status
    self.residentArea = residentArea
  }
}
