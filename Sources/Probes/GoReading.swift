import CLinux
import Model

/// What the Go runtime said about its own heap, as a Go workload stated it on the telemetry page.
///
/// Source: the package runtime/metrics.
public struct GoReading: Hashable, Sendable {
  /// The heap at the moment a phase began.
  public struct Heap: Hashable, Sendable {
    /// The phase that begins.
    public var phase: String
    /// Bytes of spans that hold objects: the objects, and what is still free between them.
    public var inUse: Bytes
    /// Bytes that went back to the system and were not taken again.
    public var released: Bytes

    /// States the heap.
    public init(phase: String, inUse: Bytes, released: Bytes) {
      self.phase = phase
      self.inUse = inUse
      self.released = released
    }
  }

  /// Totals of the whole run.
  public struct Totals: Hashable, Sendable {
    /// Collections that were completed.
    public var cycles: UInt64
    /// CPU time of the collector, as the runtime estimates it at the end of each collection.
    public var collecting: Nanoseconds
    /// CPU time that was available to the program at the same moment: GOMAXPROCS × wall time.
    public var available: Nanoseconds
    /// 99th percentile of the pauses that collections made.
    public var pauseP99: Nanoseconds

    /// States the totals.
    public init(cycles: UInt64, collecting: Nanoseconds, available: Nanoseconds, pauseP99: Nanoseconds) {
      self.cycles = cycles
      self.collecting = collecting
      self.available = available
      self.pauseP99 = pauseP99
    }
  }

  /// One for each mark, in order of time.
  public var heaps: [Heap]
  /// Nil when the program did not come to its end.
  public var totals: Totals?

  /// States what the runtime said.
  public init(heaps: [Heap], totals: Totals?) {
    self.heaps = heaps
    self.totals = totals
  }

  /// Nil for programs that are not written in Go.
  init?(page: TelemetryPage) {
    let state = page.state
    guard state.go_state & HS_GO_MARKS_STATED != 0 else { return nil }
    heaps = (0..<state.marks_written).compactMap { index in
      page.mark(index).map {
        Heap(
          phase: PhaseNames.name($0.phase), inUse: Bytes(Int64(clamping: $0.go_heap_inuse)),
          released: Bytes(Int64(clamping: $0.go_heap_released)))
      }
    }
    guard state.go_state & HS_GO_TOTALS_STATED != 0 else { return }
    totals = Totals(
      cycles: state.go_gc_cycles, collecting: Nanoseconds(Int64(clamping: state.go_gc_cpu_ns)),
      available: Nanoseconds(Int64(clamping: state.go_cpu_ns)),
      pauseP99: Nanoseconds(Int64(clamping: state.go_gc_pause_p99_ns)))
  }
}
