import Glibc

/// Keeps the beginning and the end of what a program writes to standard error, and throws the rest away: a
/// program may print a gigabyte.
final class StandardErrorTail {
  private let headLimit: Int
  private let tailLimit: Int
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private(set) var total = 0
  private var chunk = [UInt8](repeating: 0, count: 65_536)

  /// Keeps so many bytes at either end.
  init(limit: Int = 4096) {
    headLimit = limit
    tailLimit = limit
  }

  /// Reads what is there without waiting, at most so many chunks, so that sampling goes on. Returns false at the
  /// end of the file.
  func drain(_ descriptor: Int32, chunks: Int = 16) -> Bool {
    for _ in 0..<chunks {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return count != 0 }
      append(chunk[..<count])
    }
    return true
  }

  /// Takes bytes in.
  func append(_ bytes: ArraySlice<UInt8>) {
    total += bytes.count
    var rest = bytes
    if head.count < headLimit {
      let taken = rest.prefix(headLimit - head.count)
      head.append(contentsOf: taken)
      rest = rest.dropFirst(taken.count)
    }
    tail.append(contentsOf: rest.suffix(tailLimit))
    if tail.count > tailLimit {
      tail.removeFirst(tail.count - tailLimit)
    }
  }

  /// Beginning and end, with a line between them that says how much is missing.
  var text: String {
    let missing = total - head.count - tail.count
    let gap = missing > 0 ? "\n[\(missing) bytes left out]\n" : ""
    return String(decoding: head, as: UTF8.self) + gap + String(decoding: tail, as: UTF8.self)
  }
}
