/// What watches a trial besides the sampler: event counters, sampling rings.
///
/// All calls come from the supervising thread. Failures to attach are kept by the observer and told with its
/// results: a trial never fails because an observer cannot see.
public protocol TrialObserver: AnyObject {
  /// Attaches to the process, which waits before its exec; events are opened with enable-on-exec and inherit.
  func attach(to pid: Int32)
  /// Descriptors that become readable when `drain` has something to do.
  var descriptors: [Int32] { get }
  /// Takes out what is there, without blocking.
  func drain()
  /// A workload waits at a mark on its telemetry page: called once for each, in their order.
  func marked()
  /// The process waits in its exit stop, with all its memory still there; not called where ptrace is refused.
  func exiting(pid: Int32)
}

extension TrialObserver {
  /// Nothing to poll.
  public var descriptors: [Int32] { [] }
  /// Nothing to take out.
  public func drain() {}
  /// Nothing to read.
  public func marked() {}
  /// Nothing to read.
  public func exiting(pid: Int32) {}
}
