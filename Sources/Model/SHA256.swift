/// SHA-256 (FIPS 180-4) of short texts; files go through a tool.
///
/// Written out because no library that the module already needs has it, and a page is written without running a tool.
public enum SHA256 {
  /// The 32 bytes of the digest.
  public static func bytes(_ text: String) -> [UInt8] { digest(Array(text.utf8)).flatMap(bigEndian) }

  /// The digest in hexadecimal.
  public static func hexadecimal(_ text: String) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes(text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The eight words of the digest.
  private static func digest(_ message: [UInt8]) -> [UInt32] {
    var state = initial
    let padded = pad(message)
    for start in stride(from: 0, to: padded.count, by: 64) {
      compress(padded[start..<start + 64], into: &state)
    }
    return state
  }

  /// Section 5.1.1: a 1 bit, zeros, and the length in bits.
  private static func pad(_ message: [UInt8]) -> [UInt8] {
    let zeros = (119 - message.count % 64) % 64
    let length = UInt64(message.count) * 8
    return message + [0x80] + [UInt8](repeating: 0, count: zeros)
      + (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(56 - 8 * $0)) }
  }

  /// Section 6.2.2.
  private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    let words = schedule(block)
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let first = h &+ sum1 &+ ((e & f) ^ (~e & g)) &+ constants[round] &+ words[round]
      let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let second = sum0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
  }

  private static func schedule(_ block: ArraySlice<UInt8>) -> [UInt32] {
    var words: [UInt32] = []
    for start in stride(from: block.startIndex, to: block.endIndex, by: 4) {
      words.append(block[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }
    for index in 16..<64 {
      let (near, far) = (words[index - 2], words[index - 15])
      let low = rotate(far, 7) ^ rotate(far, 18) ^ far >> 3
      let high = rotate(near, 17) ^ rotate(near, 19) ^ near >> 10
      words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
    }
    return words
  }

  private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 - bits) }

  private static func bigEndian(_ word: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
  }

  /// Fractional parts of the square roots of the first 8 primes, and of the cube roots of the first 64.
  private static let initial: [UInt32] = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
  private static let constants: [UInt32] = primes.map { fraction(cubeRoot(Double($0))) }
  private static let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }

  private static func fraction(_ root: Double) -> UInt32 {
    UInt32((root - root.rounded(.down)) * 4_294_967_296)  // fits: less than 2³²
  }

  /// Newton's method; a double has enough digits for the 32 bits that are asked for.
  private static func cubeRoot(_ value: Double) -> Double {
    var root = value / 2
    for _ in 0..<64 { root -= (root * root * root - value) / (3 * root * root) }
    return root
  }
}
