import Glibc

/// Runs blocking work on a thread of its own, since it must never block Swift's cooperative pool.
public enum OwnThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Does the work there and waits for it without blocking the caller's thread. Where no further thread
  /// can be had, the work is done at once on the caller's: slower, and still done.
  public static func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
      let work = Work { continuation.resume(returning: work()) }
      if !start(work) { work.body() }
    }
  }

  private static func start(_ work: Work) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackBytes)
    let argument = Unmanaged.passRetained(work)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, argument.toOpaque())
    if result != 0 { argument.release() }
    return result == 0
  }

  private static let stackBytes = 1 << 20
}
