import Model

/// Why a stack has no further frame.
public enum StackEnd: String, Hashable, Codable, Sendable, CaseIterable {
  /// Nothing called the last frame: its unwind entry says so, or it is where programs and threads begin.
  case root
  /// The caller lies beyond the bytes of the stack that were dumped.
  case dumpTooShort
  /// The last frame's file has no unwind entry for it.
  case noUnwindEntry
  /// The last frame lies in no file: generated code, or a file that is gone.
  case noFile
  /// The program went on to another stack, which was not dumped.
  case stackSwitched
  /// Tables or stack make no sense.
  case inconsistent
  /// There are more frames than are kept.
  case tooDeep
  /// Neither registers nor a call chain were sampled.
  case notSampled

  /// A sentence for tables and notes.
  public var explanation: String {
    switch self {
    case .root: "reaches the root"
    case .dumpTooShort:
      "the stack is deeper than the bytes of it that were copied; a larger --stack-bytes (up to 65528) copies more"
    case .noUnwindEntry: "a function has no unwind entry (its file was built without unwind tables)"
    case .noFile: "code lies in no file that can be read (generated code, or a file that is gone)"
    case .stackSwitched: "the program changed to another stack, which was not sampled"
    case .inconsistent: "the stack does not fit the unwind tables"
    case .tooDeep: "the stack has more frames than are kept"
    case .notSampled: "neither registers nor a call chain were sampled"
    }
  }
}

/// A sample's stack with names.
public struct ResolvedStack: Hashable, Sendable {
  /// The innermost first, inlined calls as frames of their own; the last is `[truncated]` or `[truncated: see
  /// --stack-bytes]` when it is incomplete.
  public var frames: [Frame]
  /// Why it ends where it ends.
  public var end: StackEnd

  /// States a stack.
  public init(frames: [Frame], end: StackEnd) {
    self.frames = frames
    self.end = end
  }

  /// Whether the stack reaches its root.
  public var isComplete: Bool { end == .root }

  /// The same stack with everything inside the allocator as one frame `[allocator]`.
  public func foldingAllocator() -> ResolvedStack {
    ResolvedStack(frames: frames.foldingAllocator(), end: end)
  }

  /// Stands for the callers that are not known, and names the option that would find them.
  static func truncated(_ end: StackEnd) -> Frame {
    Frame(
      function: Frame.truncatedName + (end == .dumpTooShort ? ": see --stack-bytes]" : "]"), object: "",
      role: .unknown)
  }
}

extension Array where Element == Frame {
  /// Each run of allocator frames as one frame, in the object of its outermost: the one the program called.
  public func foldingAllocator() -> [Frame] {
    var result: [Frame] = []
    for frame in self {
      guard frame.role == .allocator else {
        result.append(frame)
        continue
      }
      if result.last?.role == .allocator { result.removeLast() }
      result.append(Frame(function: Frame.allocatorName, object: frame.object, role: .allocator))
    }
    return result
  }
}

/// How good the stacks of a session are.
public struct StackStatistics: Hashable, Sendable {
  /// How many stacks ended for which reason.
  public var ends: [StackEnd: Int] = [:]

  /// All stacks.
  public var samples: Int { ends.values.reduce(0, +) }
  /// Stacks that reach their root.
  public var complete: Int { ends[.root, default: 0] }
  /// Their share, 0 to 1; nil without samples.
  public var completeShare: Double? { samples > 0 ? Double(complete) / Double(samples) : nil }

  /// A sentence for each reason for incomplete stacks, the most frequent first.
  public var notes: [String] {
    ends.filter { $0.key != .root }.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.value) of \(samples) stacks are incomplete: \($0.key.explanation)" }
  }
}
