import CZlib

/// gzip streams (RFC 1952) through zlib.
enum Gzip {
  /// The two bytes that every stream begins with.
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// A failure in zlib's words.
  struct Failure: Error {
    let reason: String
    /// Whether only the limit was in the way.
    var isTooLarge = false
  }

  private static let chunk = 1 << 16

  /// The bytes as one stream.
  static func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    try run(bytes, deflating: true, limit: .max)
  }

  /// What the stream holds, at most `limit` bytes: a small file can say that it holds terabytes.
  static func expand(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    try run(bytes, deflating: false, limit: limit)
  }

  private static func run(_ input: [UInt8], deflating: Bool, limit: Int) throws(Failure) -> [UInt8] {
    guard input.count <= Int(UInt32.max) else {
      throw Failure(reason: "more than 4 GiB at once", isTooLarge: true)
    }
    var stream = z_stream()
    guard hs_gzip_begin(&stream, deflating ? 1 : 0) == Z_OK else {
      throw Failure(reason: "zlib has no memory")
    }
    defer { _ = deflating ? deflateEnd(&stream) : inflateEnd(&stream) }
    var source = input
    var output: [UInt8] = []
    let failure = source.withUnsafeMutableBufferPointer { source -> Failure? in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      return pump(&stream, into: &output, deflating: deflating, limit: limit)
    }
    if let failure { throw failure }
    return output
  }

  /// Turns until the stream has ended. Several streams behind each other are one file (RFC 1952, 2.2).
  private static func pump(
    _ stream: inout z_stream, into output: inout [UInt8], deflating: Bool, limit: Int
  ) -> Failure? {
    var buffer = [UInt8](repeating: 0, count: chunk)
    while true {
      let status = buffer.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        return deflating ? deflate(&stream, Z_FINISH) : inflate(&stream, Z_NO_FLUSH)
      }
      let made = chunk - Int(clamping: stream.avail_out)
      guard output.count + made <= limit else { return Failure(reason: "too large", isTooLarge: true) }
      output += buffer[..<made]
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        if deflating || stream.avail_in == 0 { return nil }
        guard inflateReset(&stream) == Z_OK else { return Failure(reason: "its gzip stream is damaged") }
      case Z_BUF_ERROR:
        return Failure(reason: "its gzip stream ends too early: the program was stopped while it wrote?")
      default: return Failure(reason: "its gzip stream is damaged")
      }
    }
  }
}
