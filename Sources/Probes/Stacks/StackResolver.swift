import Model

/// Makes stacks with names of samples, in the order in which their records were written.
///
/// Mappings must be handed over before the samples that lie in them: first what stood in /proc/PID/maps, where the
/// process ran already, then every record. Not for more than one thread at a time.
public final class StackResolver {
  /// Where callers are looked for.
  public let mode: UnwindMode
  /// Which code is the allocator's.
  public let allocator: AllocatorCode
  /// How the stacks resolved so far ended.
  public private(set) var statistics = StackStatistics()

  private var images: [Int32: ProcessImage] = [:]
  private let files: CodeFiles
  private var unwinder = StackUnwinder()
  private var namer: FrameNamer

  private var uses = 0

  /// Processes of which mappings are kept: nothing tells that one has ended, so those not seen for long are dropped.
  private static let mostProcesses = 1024

  /// Begins without any process. Of a recording of earlier, `mappings` tell which files it had mapped and when it was written:
  /// a file that is another one here gives no names.
  public init(
    mode: UnwindMode = .tables, allocator: AllocatorCode = AllocatorCode(), mappings: [StatedMapping]? = nil,
    writtenAt: Double? = nil
  ) {
    files = mappings.map { CodeFiles(refusing: StatedFiles($0, writtenAt: writtenAt).refusal) } ?? CodeFiles()
    self.mode = mode
    self.allocator = allocator
    namer = FrameNamer(allocator: allocator)
  }

  /// What is odd about the files and the stacks, in sentences.
  public var notes: [String] { files.notes + statistics.notes }

  /// Takes the next record; gives the stack when it is a sample.
  public func consume(_ record: EventRecord) -> ResolvedStack? {
    switch record {
    case .sample(let sample): return resolve(sample)
    case .mapped(let region): image(of: region.pid).map(region)
    case .exec(let pid, _): images[pid] = nil
    case .forked(let pid, let parent, _):
      // A thread is reported as a fork within its process.
      if pid != parent, let space = images[parent]?.space { fork(pid, space) }
    case .lost: break
    }
    return nil
  }

  private func fork(_ pid: Int32, _ space: AddressSpace) {
    images[pid] = ProcessImage(space)
    _ = image(of: pid)
  }

  /// The stack of a sample, by the mappings of the records so far.
  public func resolve(_ sample: EventSample) -> ResolvedStack {
    let image = image(of: sample.pid)
    let (addresses, end) = unwinder.unwind(sample, in: image, mode: mode, files)
    var frames: [NamedFrame] = []
    for address in addresses { frames += namer.frames(at: address.instruction, in: image, files) }
    // Where tables and frame pointers end without a word, the name of the function decides.
    let isRoot = frames.last.map { StackRoots.contains($0.frame.function) } ?? false
    return finished(frames, end != .notSampled && isRoot ? .root : end)
  }

  private func finished(_ named: [NamedFrame], _ end: StackEnd) -> ResolvedStack {
    statistics.ends[end, default: 0] += 1
    var frames = named.map(\.frame)
    AllocatorCode.mark(&frames, kinds: named.map(\.kind))
    if end != .root { frames.append(ResolvedStack.truncated(end)) }
    return ResolvedStack(frames: frames, end: end)
  }

  private func image(of pid: Int32) -> ProcessImage {
    let image = images[pid] ?? ProcessImage()
    uses += 1
    image.lastUse = uses
    images[pid] = image
    if images.count > StackResolver.mostProcesses { dropOldImages() }
    return image
  }

  private func dropOldImages() {
    let uses = images.values.map(\.lastUse).sorted()
    let middle = uses[uses.count / 2]
    images = images.filter { $0.value.lastUse >= middle }
  }
}
