import Foundation

/// How a program chose the objects that its heap profile shows, and what a shown one stands for.
enum HeapSampling: Hashable {
  /// Every object is there.
  case all
  /// Each byte is chosen with the probability 1 / rate; the file has the chosen objects as they are.
  case poisson(rate: Double)

  /// By how much a stack's objects and bytes are multiplied.
  ///
  /// An object of `size` bytes is chosen with the probability 1 − exp(−size / rate). The objects of one stack are taken
  /// to be of their mean size, because the file has no other; where sizes differ much the result is off.
  /// Source: gperftools and jemalloc document this for their pprof and jeprof (`heap_v2`), google/pprof does the same
  /// for Go (`scaleHeapSample`).
  func scale(objects: Double, bytes: Double) -> Double {
    guard objects > 0, bytes > 0 else { return 1 }
    let size = bytes / objects
    switch self {
    case .all: return 1
    case .poisson(let rate):
      // expm1 keeps the digits that 1 − exp(−x) loses for small objects.
      return rate > 1 ? -1 / expm1(-size / rate) : 1
    }
  }

  /// In words, for the columns.
  var words: String {
    switch self {
    case .all: "every one recorded"
    case .poisson(let rate):
      "scaled up from samples, one in about \(Int64(exactly: rate.rounded()) ?? .max) bytes"
    }
  }
}
