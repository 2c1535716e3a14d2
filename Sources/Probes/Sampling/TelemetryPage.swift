import CLinux
import Glibc
import Model

/// The harness's side of the page that a workload shares (telemetry_layout.h).
final class TelemetryPage {
  /// The memfd, to be passed on.
  let memfd: OwnedDescriptor
  /// The eventfd by which the workload says that it has written a mark.
  let notify: OwnedDescriptor
  /// Whether the workload waits at every mark until it is acknowledged.
  let holds: Bool
  private let page: OpaquePointer
  private let bytes: Int

  /// Makes a fresh page. With `hold` the workload waits at every mark until it is acknowledged.
  init(hold: Bool, latency: Bool) throws(ProbeError) {
    holds = hold
    bytes = Int(clamping: hs_page_bytes())
    memfd = try OwnedDescriptor.adopt(
      hs_memfd("heapscale-telemetry", UInt64(bytes)), call: "memfd_create", subject: "telemetry page")
    notify = try OwnedDescriptor.adopt(hs_eventfd(), call: "eventfd", subject: "telemetry page")
    guard
      let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memfd.rawValue, 0),
      mapped != MAP_FAILED
    else { throw .system(call: "mmap", subject: "telemetry page", errno: errno) }
    page = OpaquePointer(mapped)
    hs_page_prepare(page, hold ? 1 : 0, latency ? 1 : 0)
  }

  deinit { munmap(UnsafeMutableRawPointer(page), bytes) }

  /// Sums of the threads' counters at this moment.
  var counters: hs_page_counters {
    var counters = hs_page_counters()
    hs_page_counters(page, &counters)
    return counters
  }

  /// Everything else that the workload has stated so far.
  var state: hs_page_state {
    var state = hs_page_state()
    hs_page_state(page, &state)
    return state
  }

  /// A mark, by its number from 0.
  func mark(_ index: UInt32) -> hs_page_mark? {
    var mark = hs_page_mark()
    return hs_page_mark(page, index, &mark) == 0 ? mark : nil
  }

  /// One of the texts; empty when it was not written. Anything may stand there: the page is the target's to write.
  func text(_ which: hs_page_text) -> String {
    var buffer = [CChar](repeating: 0, count: Int(clamping: hs_page_text_bytes()))
    hs_page_text(page, which, &buffer)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Lets the workload go on after so many marks, and clears the eventfd.
  func acknowledge(_ marks: UInt32) {
    quieten()
    hs_page_acknowledge(page, marks)
  }

  /// Clears the eventfd: one that stays readable would wake us again and again.
  func quieten() {
    var count: UInt64 = 0
    _ = read(notify.rawValue, &count, MemoryLayout<UInt64>.size)
  }

  /// The latencies of malloc (0) or free (1) over all threads.
  func latency(_ which: Int32) -> LatencyReading? {
    var buckets: [LatencyReading.Bucket] = []
    for index in 0..<hs_histogram_buckets() {
      let count = hs_page_histogram(page, which, index)
      guard count > 0 else { continue }
      var low: UInt64 = 0
      var high: UInt64 = 0
      hs_histogram_bounds(index, &low, &high)
      buckets.append(.init(low: low, high: high, count: count))
    }
    guard !buckets.isEmpty else { return nil }
    return LatencyReading(buckets: buckets, maximum: hs_page_histogram_maximum(page, which))
  }
}
