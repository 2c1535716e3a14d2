import Foundation
import Model

/// Damages files at random, always in the same way for a seed.
///
/// How many times is decided in one place: some hundreds in every run of the tests, and as many as `HEAPSCALE_FUZZ` says
/// for the campaign.
public struct Mutator {
  /// How many damaged inputs of each kind are tried.
  public static let rounds =
    ProcessInfo.processInfo.environment["HEAPSCALE_FUZZ"].flatMap { Int($0) } ?? 400

  private var random: SeededRandom
  private let words: [[UInt8]]

  /// Numbers at the edge of something, and signs that texts are made of.
  private static let edges =
    [
      "0", "-1", "1", "255", "65536", "2147483648", "4294967295", "9223372036854775807",
      "9223372036854775808",
      "18446744073709551615", "0xffffffffffffffff", "1e308", "1e999", "-0", "nan", "", " ", "\n", "\t", "\0",
      ":", "=", ",", "-",
      "[", "]", "{", "}", "\"", "'", "&a", "*a", "!!", "%", "@", "\u{FEFF}", "\u{2028}",
    ].map { Array($0.utf8) } + [
      [0xFF], [0xC3], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0, 0, 0, 0, 0, 0, 0, 0x80],
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    ]

  /// `words` are of the format: they are put in as well.
  public init(seed: UInt64, words: [String] = []) {
    random = SeededRandom(seed: seed)
    self.words = Mutator.edges + words.map { Array($0.utf8) }
  }

  /// One to four changes: a bit, a byte, a number, a word, a cut, a part twice, a part of another input.
  public mutating func damaged(_ bytes: [UInt8], with others: [[UInt8]] = []) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) { change(&result, others) }
    return result
  }

  private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let length = min(bytes.count - place, Int.random(in: 0...24, using: &random))
    let part = place..<place + length
    switch random.next() % 9 {
    case 0 where length > 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    case 1 where length > 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 2: bytes.replaceSubrange(part, with: words[Int.random(in: 0..<words.count, using: &random)])
    case 3: bytes.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &random)], at: place)
    case 4: bytes.removeSubrange(part)
    case 5: bytes.insert(contentsOf: bytes[part], at: place)
    case 6: bytes.removeLast(bytes.count - place)
    case 7: replaceNumber(&bytes, from: place)
    default:
      guard let other = others.randomElement(using: &random), !other.isEmpty else { return }
      let from = Int.random(in: 0..<other.count, using: &random)
      bytes.replaceSubrange(part, with: other[from..<min(other.count, from + 40)])
    }
  }

  /// The next run of digits becomes another number.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Mutator.edges[Int.random(in: 0..<11, using: &random)])
  }
}
