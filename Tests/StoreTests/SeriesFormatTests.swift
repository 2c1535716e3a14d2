import Foundation
import Model
import Testing

@testable import Store

extension SeededRandom {
  /// Any value, with extreme and small ones more often than chance would have them.
  mutating func integer() -> Int64 {
    switch UInt8.random(in: 0..<8, using: &self) {
    case 0: .max
    case 1: .min
    case 2: 0
    case 3, 4: .random(in: -300...300, using: &self)
    default: .random(in: .min ... .max, using: &self)
    }
  }

  mutating func maybe(_ present: Bool) -> Bytes? { present ? Bytes(integer()) : nil }

  mutating func series() -> ResidentSeries {
    let liveKind = Int.random(in: 0..<3, using: &self)
    let samples = (0..<Int.random(in: 0..<40, using: &self)).map { _ in
      let present = liveKind == 1 || liveKind == 2 && Bool.random(using: &self)
      return ResidentSeries.Sample(
        time: Nanoseconds(integer()), resident: Bytes(integer()), live: maybe(present))
    }
    let phases = ["warmup", "", "idle 🧵", String(repeating: "x", count: 200)]
    let marks = (0..<Int.random(in: 0..<6, using: &self)).map { _ in
      ResidentSeries.Mark(
        phase: phases.randomElement(using: &self) ?? "", ended: Nanoseconds(integer()),
        began: Nanoseconds(integer()), cpuEnded: Nanoseconds(integer()), cpuBegan: Nanoseconds(integer()),
        operations: UInt64(bitPattern: integer()), live: Bytes(integer()),
        resident: maybe(.random(using: &self)), anonymous: maybe(.random(using: &self)),
        lazyFree: maybe(.random(using: &self)))
    }
    return ResidentSeries(
      samples: samples, marks: marks, missedTicks: Int(integer()), parts: parts(samples.count))
  }

  private mutating func parts(_ readings: Int) -> [ResidentSeries.Part]? {
    guard Bool.random(using: &self) else { return nil }
    let names = ["nginx: worker", "", "cc1 🧵", nil]
    return (0..<Int.random(in: 0..<5, using: &self)).map { _ in
      ResidentSeries.Part(
        command: names.randomElement(using: &self) ?? nil,
        resident: (0..<readings).map { _ in Bytes(integer()) })
    }
  }
}

struct SeriesFormatTests {
  @Test(arguments: 0..<400 as Range<UInt64>)
  func `any curve comes back as it was`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let series = random.series()
    #expect(try SeriesFormat.decode(SeriesFormat.encode(series)) == series)
  }

  @Test func `the bytes of version 1 stay as they are documented`() throws {
    let series = ResidentSeries(
      samples: [
        .init(time: Nanoseconds(100), resident: Bytes(4096), live: nil),
        .init(time: Nanoseconds(99), resident: Bytes(4096), live: Bytes(-3)),
      ],
      marks: [
        .init(
          phase: "up", ended: Nanoseconds(5), began: Nanoseconds(7), cpuEnded: Nanoseconds(1),
          cpuBegan: Nanoseconds(2), operations: 300, live: Bytes(64), resident: Bytes(1), anonymous: nil,
          lazyFree: Bytes(2))
      ], missedTicks: 3)
    let bytes: [UInt8] = [
      1, 6, 2,  // version, missed ticks, samples
      0xC8, 1, 1,  // times: +100, -1
      0x80, 0x40, 0,  // resident: +4096, 0
      2, 0b10, 5,  // live: some, the second: -3
      1, 2, 0x75, 0x70,  // one mark: "up"
      14, 3, 4, 1, 0xAC, 2, 0x80, 1,  // began 7, ended -2, CPU began 2, ended -1, operations, live
      0b101, 2, 4,  // resident 1, lazy free 2
    ]
    #expect([UInt8](SeriesFormat.encode(series)) == bytes)
    #expect(try SeriesFormat.decode(Data(bytes)) == series)
  }

  @Test func `the bytes of version 2 have parts behind those of version 1`() throws {
    var series = ResidentSeries(
      samples: [
        .init(time: Nanoseconds(1), resident: Bytes(10), live: nil),
        .init(time: Nanoseconds(2), resident: Bytes(9), live: nil),
      ], marks: [], missedTicks: 0)
    series.parts = [
      .init(command: "sh", resident: [Bytes(4), Bytes(3)]),
      .init(command: nil, resident: [Bytes(6), Bytes(6)]),
    ]
    let bytes: [UInt8] = [2, 0, 2, 2, 2, 20, 1, 0, 0] + [2, 1, 2, 0x73, 0x68, 8, 1, 0, 12, 0]
    #expect([UInt8](SeriesFormat.encode(series)) == bytes)
    #expect(try SeriesFormat.decode(Data(bytes)) == series)
  }

  @Test func `a part that does not fit the curve is left out`() throws {
    var series = Fixture.series(3)
    let fitting = ResidentSeries.Part(command: "a", resident: [Bytes(1), Bytes(2), Bytes(3)])
    series.parts = [fitting, .init(command: "b", resident: [Bytes(1)])]
    #expect(try SeriesFormat.decode(SeriesFormat.encode(series)).parts == [fitting])
  }

  @Test func `a curve takes less than a third of what it takes in memory`() {
    let series = Fixture.series(10_000)
    let inMemory = series.samples.count * MemoryLayout<ResidentSeries.Sample>.stride
    #expect(SeriesFormat.encode(series).count < inMemory / 3)
  }

  @Test func `every shortened curve is refused`() {
    var series = Fixture.series(20)
    series.parts = [.init(command: "make", resident: series.samples.map(\.resident))]
    let whole = SeriesFormat.encode(series)
    for length in 0..<whole.count {
      #expect(throws: StoreError.self) { try SeriesFormat.decode(whole.prefix(length)) }
    }
  }

  @Test func `trailing bytes and unknown versions are refused`() {
    var bytes = SeriesFormat.encode(Fixture.series(3))
    #expect(throws: StoreError.self) { try SeriesFormat.decode(bytes + [0]) }
    bytes[0] = 3
    #expect(throws: StoreError.self) { try SeriesFormat.decode(bytes) }
  }

  @Test func `a count beyond the bytes there are reserves nothing`() {
    let huge: [UInt8] = [1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]
    #expect(throws: StoreError.self) { try SeriesFormat.decode(Data(huge)) }
  }

  /// What damaged bytes decode to does not matter, but it must be something that encodes, or an error.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `damaged bytes never trap`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let whole = SeriesFormat.encode(random.series())
    for _ in 0..<100 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      guard let series = try? SeriesFormat.decode(bytes) else { continue }
      #expect(try SeriesFormat.decode(SeriesFormat.encode(series)) == series)
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `random bytes never trap`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      var bytes: [UInt8] = [.random(in: 1...2, using: &random)]
      for _ in 0..<Int.random(in: 0..<64, using: &random) {
        bytes.append(.random(in: 0...255, using: &random))
      }
      guard let series = try? SeriesFormat.decode(Data(bytes)) else { continue }
      #expect(try SeriesFormat.decode(SeriesFormat.encode(series)) == series)
    }
  }

  @Test(arguments: [0, 1, -1, 63, -64, 64, .max, .min] as [Int64])
  func `signed numbers come back`(value: Int64) throws {
    var writer = VarintWriter()
    writer.signed(value)
    var reader = VarintReader(writer.bytes)
    #expect(try reader.signed() == value)
    #expect(reader.remaining == 0)
  }

  @Test func `a number of more than 64 bits is refused`() {
    var reader = VarintReader([UInt8](repeating: 0xFF, count: 9) + [2])
    #expect(throws: VarintReader.Failure.tooLong(at: 10)) { try reader.unsigned() }
  }
}
