import CLinux
import Model
import Testing

@testable import Probes

/// A ring in ordinary memory, filled as the kernel fills one.
private final class FakeRing {
  let page = UnsafeMutablePointer<perf_event_mmap_page>.allocate(capacity: 1)
  let data: UnsafeMutableRawBufferPointer
  var reader: RingReader { RingReader(page: page, data: UnsafeRawBufferPointer(data)) }

  init(size: Int, start: UInt64) {
    page.initialize(to: perf_event_mmap_page())
    data = .allocate(byteCount: size, alignment: 8)
    page.pointee.data_head = start
    page.pointee.data_tail = start
  }

  deinit {
    page.deallocate()
    data.deallocate()
  }

  /// Writes a record if there is room, around the end where it must.
  func write(_ record: [UInt8]) -> Bool {
    let head = page.pointee.data_head
    guard Int(head - page.pointee.data_tail) + record.count <= data.count else { return false }
    for (index, byte) in record.enumerated() {
      data[Int((head + UInt64(index)) % UInt64(data.count))] = byte
    }
    page.pointee.data_head = head + UInt64(record.count)
    return true
  }
}

@Test func `records that go around the end of a ring come out whole`() throws {
  var random = SeededRandom(seed: 1)
  let starts: [UInt64] = [0, 4096 - 16, 1 << 40]
  for start in starts {
    let ring = FakeRing(size: 4096, start: start)
    var written: [UInt8] = []
    var taken: [UInt8] = []
    for number in 0..<5_000 {
      let record = RecordBytes.make(type: 9) {
        $0.add(UInt64(number))
        $0.add(bytes: [UInt8](repeating: 7, count: 8 * Int.random(in: 0..<40, using: &random)))
      }
      while !ring.write(record) {
        _ = try ring.reader.take {
          taken += $0
          taken += $1
        }
      }
      written += record
    }
    _ = try ring.reader.take {
      taken += $0
      taken += $1
    }
    #expect(taken == written)
    #expect(try ring.reader.take { _, _ in } == 0)
  }
}

@Test func `impossible places in a ring are damage, and the ring is emptied`() throws {
  for head in [UInt64(5000), 1 << 50, .max] {
    let ring = FakeRing(size: 4096, start: 0)
    ring.page.pointee.data_head = head
    #expect(throws: RecordDamage.ring(head: head, tail: 0, size: 4096)) { try ring.reader.take { _, _ in } }
    #expect(try ring.reader.take { _, _ in } == 0)
  }
  #expect(throws: RecordDamage.self) { try RingPieces(head: 8, tail: 0, size: 3000) }
  #expect(throws: RecordDamage.self) { try RingPieces(head: 8, tail: 0, size: 0) }
}

@Test func `any two places give pieces inside the ring`() throws {
  var random = SeededRandom(seed: 2)
  for _ in 0..<10_000 {
    let size = 1 << Int.random(in: 12...16, using: &random)
    let tail = UInt64.random(in: 0 ... .max, using: &random)
    let count = UInt64.random(in: 0...UInt64(size), using: &random)
    let pieces = try RingPieces(head: tail &+ count, tail: tail, size: size)
    #expect(pieces.count == Int(count))
    #expect(pieces.first.upperBound <= size && pieces.second.upperBound <= pieces.first.lowerBound)
  }
}

@Suite struct MergeTests {
  private let decoder = RecordDecoder([
    EventLayout(ids: [1], sample: .init(fields: [.identifier, .time]))
  ])

  private func record(_ time: UInt64) -> [UInt8] {
    RecordBytes.sample { $0.add(UInt64(1), time) }
  }

  private func times(_ rings: [[[UInt8]]], cut: Int = 0) -> (times: [UInt64], damaged: Int) {
    var bytes: [UInt8] = []
    var chunks: [[EventSpool.Chunk]] = []
    for (index, ring) in rings.enumerated() {
      chunks.append([])
      for piece in ring {
        chunks[index].append(.init(ring: index, offset: bytes.count, count: piece.count))
        bytes += piece
      }
    }
    return bytes.withUnsafeBytes { raw in
      var merge = RecordMerge(rings: chunks.map { OrderedRing(bytes: raw, chunks: $0, decoder: decoder) })
      var times: [UInt64] = []
      while let place = merge.next() { times.append(place.time) }
      return (times, merge.damaged)
    }
  }

  @Test func `records of many CPUs come in the order of their times`() {
    var random = SeededRandom(seed: 3)
    var all: [UInt64] = []
    let rings = (0..<7).map { _ in
      var time: UInt64 = 0
      return (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<Int.random(in: 1...200, using: &random)).flatMap { _ in
          time += UInt64.random(in: 0...90, using: &random)
          // An interrupt's record stands before the one that it interrupted.
          all += [time, time + 5]
          return record(time + 5) + record(time)
        }
      }
    }
    #expect(times(rings).times == all.sorted())
  }

  @Test func `a damaged chunk is counted and the next one read`() {
    let broken = record(1) + [9, 0, 0, 0, 0, 0, 3, 0]
    let result = times([[broken, record(4)], [record(2), record(3)]])
    #expect(result.times == [1, 2, 3, 4])
    #expect(result.damaged == 1)
  }
}
