import CUnwind

/// Callers by frame pointers: each frame begins with its caller's frame pointer and the return address.
enum FramePointers {
  /// The kernel's call chain where there is one, else the same walk over the sampled stack.
  ///
  /// Whether the last frame is the root is decided by its name, so a chain ends as `.inconsistent` here.
  static func unwind(_ sample: EventSample) -> (addresses: [StackAddress], end: StackEnd) {
    let chain = sample.callchain.filter { $0 < firstMarker }
    if !chain.isEmpty {
      let callers = chain.first == sample.instruction ? chain.dropFirst() : chain[...]
      let addresses = callers.map { StackAddress(address: $0, isExact: false) }
      return ([StackAddress(address: sample.instruction, isExact: true)] + addresses, .inconsistent)
    }
    guard sample.registers != nil else {
      return ([StackAddress(address: sample.instruction, isExact: true)], .notSampled)
    }
    return walk(sample)
  }

  /// PERF_CONTEXT_USER and its like stand among the addresses as small negative numbers (linux/perf_event.h).
  private static let firstMarker = UInt64(bitPattern: -4096)

  private static func walk(_ sample: EventSample) -> (addresses: [StackAddress], end: StackEnd) {
    var addresses = [
      StackAddress(address: sample.register(hs_unwind_ip()) ?? sample.instruction, isExact: true)
    ]
    guard let start = sample.register(hs_unwind_sp()), var frame = sample.register(hs_unwind_fp()) else {
      return (addresses, .notSampled)
    }
    while addresses.count < StackUnwinder.deepest {
      if frame == 0 { return (addresses, .root) }
      guard let caller = sample.stackWord(at: frame &+ 8, start: start),
        let next = sample.stackWord(at: frame, start: start)
      else { return (addresses, frame >= start ? .dumpTooShort : .inconsistent) }
      if caller == 0 { return (addresses, .root) }
      addresses.append(StackAddress(address: caller, isExact: false))
      guard next > frame || next == 0 else { return (addresses, .inconsistent) }
      frame = next
    }
    return (addresses, .tooDeep)
  }
}
