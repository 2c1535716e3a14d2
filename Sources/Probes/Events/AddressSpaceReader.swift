import Glibc

/// Reads changes of address spaces out of a recording: pairs the entry of each call with its return, by thread.
public struct AddressSpaceReader: Sendable {
  /// One tracepoint: which call, and whether it is the return.
  private struct Point: Sendable {
    var call: String
    var isReturn: Bool
    var format: TracepointFormat
  }

  /// A call that has not returned.
  private struct Pending: Sendable {
    var call: String
    var arguments: [String: UInt64]

    subscript(name: String) -> UInt64 { arguments[name] ?? 0 }
  }

  private let points: [Point?]
  private var pending: [Int32: Pending] = [:]
  private var breaks: [Int32: UInt64] = [:]

  /// Prepares to read the records of a recording with these events.
  public init(events: [SampledEvent]) {
    points = events.map { event in
      guard case .systemCall(let format) = event.kind else { return nil }
      let words = format.name.split(separator: "_", maxSplits: 2)
      guard words.count == 3, words[0] == "sys" else { return nil }
      return Point(call: String(words[2]), isReturn: words[1] == "exit", format: format)
    }
  }

  /// Takes the records in their order; tells what a returning call changed, nothing for all others.
  public mutating func changes(by record: EventRecord) -> [AddressSpaceChange] {
    switch record {
    case .sample(let sample): return changes(by: sample)
    case .forked(let pid, let parent, _): breaks[pid] = breaks[parent]
    case .exec(let pid, _): breaks[pid] = nil
    case .mapped, .lost: break
    }
    return []
  }

  private mutating func changes(by sample: EventSample) -> [AddressSpaceChange] {
    guard points.indices.contains(sample.event), let point = points[sample.event] else { return [] }
    guard point.isReturn else {
      pending[sample.tid] = Pending(call: point.call, arguments: arguments(of: sample, point.format))
      return []
    }
    guard let call = pending.removeValue(forKey: sample.tid), call.call == point.call,
      let result = point.format.value("ret", in: sample.raw)
    else { return [] }
    return changes(by: call, result: result, sample)
  }

  private func arguments(of sample: EventSample, _ format: TracepointFormat) -> [String: UInt64] {
    let values = format.fields.compactMap { field in
      format.value(field.name, in: sample.raw).map { (field.name, $0) }
    }
    return Dictionary(values) { first, _ in first }
  }

  private mutating func changes(
    by call: Pending, result: UInt64, _ sample: EventSample
  ) -> [AddressSpaceChange] {
    guard result <= UInt64(bitPattern: -4096) else { return [] }  // a negative errno
    let ranges: [Range?] =
      switch call.call {
      case "mmap": [Range(.mapped, result, call["len"])]
      case "munmap": [Range(.unmapped, call["addr"], call["len"])]
      case "madvise":
        [
          AddressSpaceReader.kind(advice: call["behavior"]).flatMap {
            Range($0, call["start"], call["len_in"])
          }
        ]
      case "mremap": remapped(call, to: result)
      case "brk": [breakMoved(to: result, pid: sample.pid)]
      default: []
      }
    return ranges.compactMap { $0 }.map {
      AddressSpaceChange(
        kind: $0.kind, pid: sample.pid, tid: sample.tid, time: sample.time, address: $0.start,
        length: $0.length)
    }
  }

  /// Advice that gives pages back (madvise(2), asm-generic/mman-common.h).
  private static func kind(advice: UInt64) -> AddressSpaceChange.Kind? {
    switch advice {
    case 4, 9, 24: .discarded  // MADV_DONTNEED, MADV_REMOVE, MADV_DONTNEED_LOCKED
    case 8: .discardedLazily  // MADV_FREE
    default: nil
    }
  }

  private func remapped(_ call: Pending, to result: UInt64) -> [Range?] {
    let (old, oldLength, newLength) = (call["addr"], call["old_len"], call["new_len"])
    let shrunk =
      newLength < oldLength ? Range(.unmapped, old &+ newLength, oldLength - newLength) : nil
    let moved = result == old ? nil : Range(.moved(from: old), result, min(oldLength, newLength))
    return [shrunk, moved]
  }

  /// Every call returns the break as it is now; the first one only tells where it begins.
  private mutating func breakMoved(to end: UInt64, pid: Int32) -> Range? {
    defer { breaks[pid] = end }
    guard let before = breaks[pid] else { return nil }
    return end > before ? Range(.mapped, before, end - before) : Range(.unmapped, end, before - end)
  }

  /// A change of whole pages; nil when it is empty.
  private struct Range {
    var kind: AddressSpaceChange.Kind
    var start: UInt64
    var length: UInt64

    init?(_ kind: AddressSpaceChange.Kind, _ start: UInt64, _ length: UInt64) {
      let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
      // A program's break may stand within a page, which stays then; all other calls demand whole pages.
      let first = (start &+ (page - 1)) & ~(page - 1)
      let end = (start &+ length &+ (page - 1)) & ~(page - 1)
      guard end > first else { return nil }
      self.kind = kind
      self.start = first
      self.length = end - first
    }
  }
}
