import Glibc

/// Which file is mapped where in a process (proc_pid_maps(5)).
///
/// It is read at the end of every process of a tree, so it is parsed by bytes, and a path becomes a text once.
struct MappedFileTable {
  private struct Range {
    var start: UInt64
    var end: UInt64
    var file: Int?
  }

  /// Paths of mapped files, each once, in the order of addresses.
  private(set) var files: [String] = []
  private var ranges: [Range] = []

  /// Programs with more mappings than fit into so many bytes (some 40,000) are known by their first ones.
  private static let limit = 4 << 20

  /// Reads the mappings of a process or thread by its folder under /proc; nil when they may not be read.
  init?(folder: String) {
    guard let text = ProcBytes.read("\(folder)/maps", limit: MappedFileTable.limit) else { return nil }
    self.init(text)
  }

  /// Parses lines such as `7f00-7f01 r-xp 00001000 fe:00 123    /usr/lib/a b.so`; others are passed over.
  init(_ text: [UInt8]) {
    text.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        add(line: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end + 1
      }
    }
  }

  /// The file that is mapped at an address; nil for memory without a file and where nothing is mapped.
  func file(at address: UInt64) -> String? {
    range(of: address)?.file.map { files[$0] }
  }

  /// Whether something is mapped at an address.
  func isMapped(_ address: UInt64) -> Bool { range(of: address) != nil }

  private func range(of address: UInt64) -> Range? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].end <= address { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].start <= address ? ranges[low] : nil
  }

  private mutating func add(line: UnsafeBufferPointer<UInt8>) {
    var index = 0
    guard let start = Self.hexadecimal(line, &index), index < line.count, line[index] == UInt8(ascii: "-")
    else { return }
    index += 1
    guard let end = Self.hexadecimal(line, &index), start < end, start >= ranges.last?.end ?? 0 else {
      return
    }
    for _ in 0..<4 { Self.skipColumn(line, &index) }  // access, offset, device and inode
    while index < line.count, line[index] == UInt8(ascii: " ") { index += 1 }
    let path = UnsafeBufferPointer(rebasing: line[index...])
    ranges.append(
      Range(start: start, end: end, file: path.first == UInt8(ascii: "/") ? number(of: path) : nil))
  }

  /// A file's mappings follow one another, so that the last one is looked at first.
  private mutating func number(of path: UnsafeBufferPointer<UInt8>) -> Int {
    if let last = files.indices.last, files[last].utf8.elementsEqual(path) { return last }
    let name = String(decoding: path, as: UTF8.self)
    if let known = files.firstIndex(of: name) { return known }
    files.append(name)
    return files.count - 1
  }

  private static func skipColumn(_ line: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
    while index < line.count, line[index] == UInt8(ascii: " ") { index += 1 }
    while index < line.count, line[index] != UInt8(ascii: " ") { index += 1 }
  }

  private static func hexadecimal(_ line: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt64? {
    var value: UInt64 = 0
    let first = index
    while index < line.count, index - first < 16, let digit = digit(line[index]) {
      value = value << 4 | UInt64(digit)
      index += 1
    }
    return index > first ? value : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x57
    case 0x41...0x46: byte - 0x37
    default: nil
    }
  }
}

/// Files under /proc as bytes.
enum ProcBytes {
  /// The beginning of a file, at most `limit` bytes and one reading more; nil when it cannot be opened or read.
  static func read(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while result.count < limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      result.append(contentsOf: chunk[..<count])
    }
    return result
  }
}
