import Foundation
import Model

/// The bytes of a resident curve in the store.
///
/// Version 1, all numbers as in `VarintWriter` (u unsigned, s signed):
///
///     byte    version, 1
///     s       missed ticks
///     u       n, the number of samples
///     n × s   times, each less the one before, in nanoseconds
///     n × s   resident bytes, each less the one before
///     byte    live bytes: 0 none, 1 all, 2 some
///     n bits  if some: which samples have live bytes, lowest bit first, in whole bytes
///     k × s   live bytes of those that have them, each less the one before
///     u       m, the number of marks, then for each:
///               u + UTF-8 phase; s began less the mark before's; s ended less began;
///               s CPU began less the mark before's; s CPU ended less CPU began; u operations; s live;
///               byte of bits 1 resident, 2 anonymous, 4 lazy free; s for each that is there
///
/// Version 2 is version 1 with the parts of a tree's curve behind it:
///
///     u       p, the number of parts, then for each:
///               byte 1 and u + UTF-8 command, or byte 0 for all other commands;
///               n × s resident bytes, each less the one before
///
/// A curve without parts is written as version 1. A part that has not as many readings as the curve is left out.
///
/// Differences wrap around, so that any 64-bit values come back. Columns are kept apart because a
/// curve changes little from one sample to the next: about 10 bytes a sample instead of 40.
enum SeriesFormat {
  private static let plain: UInt8 = 1
  private static let withParts: UInt8 = 2

  /// The bytes of a curve.
  static func encode(_ series: ResidentSeries) -> Data {
    var out = VarintWriter()
    let parts = series.parts?.filter { $0.resident.count == series.samples.count }
    out.byte(parts == nil ? plain : withParts)
    out.signed(Int64(series.missedTicks))
    out.unsigned(UInt64(series.samples.count))
    out.differences(series.samples.lazy.map(\.time.count))
    out.differences(series.samples.lazy.map(\.resident.count))
    encodeLive(series.samples, to: &out)
    out.unsigned(UInt64(series.marks.count))
    var before = MarkBase()
    for mark in series.marks { encode(mark, after: &before, to: &out) }
    if let parts { encode(parts, to: &out) }
    return Data(out.bytes)
  }

  /// The curve of some bytes.
  ///
  /// Throws: `undecodable` with the offset, for a later version or damaged bytes. Never traps.
  static func decode(_ data: Data) throws(StoreError) -> ResidentSeries {
    var input = VarintReader([UInt8](data))
    do {
      let version = try input.byte()
      guard version == plain || version == withParts else { throw VarintReader.Failure.meaningless(at: 0) }
      var series = try decode(&input)
      if version == withParts { series.parts = try decodeParts(series.samples.count, from: &input) }
      guard input.remaining == 0 else { throw VarintReader.Failure.meaningless(at: input.offset) }
      return series
    } catch {
      throw .undecodable(what: "a resident curve of \(data.count) bytes", detail: "\(error)")
    }
  }

  private static func decode(_ input: inout VarintReader) throws(VarintReader.Failure) -> ResidentSeries {
    let missed = try input.signed()
    let count = try input.count()
    let times = try input.differences(count)
    let resident = try input.differences(count)
    let live = try decodeLive(count, from: &input)
    let samples = (0..<count).map { index in
      ResidentSeries.Sample(
        time: Nanoseconds(times[index]), resident: Bytes(resident[index]), live: live[index].map(Bytes.init))
    }
    var before = MarkBase()
    var marks: [ResidentSeries.Mark] = []
    for _ in 0..<(try input.count()) { marks.append(try decodeMark(after: &before, from: &input)) }
    return ResidentSeries(samples: samples, marks: marks, missedTicks: Int(clamping: missed))
  }

  // MARK: - Parts

  private static func encode(_ parts: [ResidentSeries.Part], to out: inout VarintWriter) {
    out.unsigned(UInt64(parts.count))
    for part in parts {
      out.byte(part.command == nil ? 0 : 1)
      if let command = part.command { out.text(command) }
      out.differences(part.resident.lazy.map(\.count))
    }
  }

  private static func decodeParts(
    _ count: Int, from input: inout VarintReader
  ) throws(VarintReader.Failure) -> [ResidentSeries.Part] {
    var parts: [ResidentSeries.Part] = []
    for _ in 0..<(try input.count()) {
      let kind = try input.byte()
      guard kind < 2 else { throw .meaningless(at: input.offset - 1) }
      let command = kind == 1 ? try input.text() : nil
      parts.append(.init(command: command, resident: try input.differences(count).map { Bytes($0) }))
    }
    return parts
  }

  // MARK: - Live bytes

  private static func encodeLive(_ samples: [ResidentSeries.Sample], to out: inout VarintWriter) {
    let present = samples.count { $0.live != nil }
    out.byte(present == 0 ? 0 : present == samples.count ? 1 : 2)
    if present > 0 && present < samples.count {
      for start in stride(from: 0, to: samples.count, by: 8) {
        let group = samples[start..<min(start + 8, samples.count)]
        out.byte(
          group.enumerated().reduce(0) { $1.element.live == nil ? $0 : $0 | 1 << UInt8(clamping: $1.offset) })
      }
    }
    out.differences(samples.lazy.compactMap { $0.live?.count })
  }

  private static func decodeLive(
    _ count: Int, from input: inout VarintReader
  ) throws(VarintReader.Failure) -> [Int64?] {
    switch try input.byte() {
    case 0: return [Int64?](repeating: nil, count: count)
    case 1: return try input.differences(count).map(Optional.some)
    case 2:
      var bits: [UInt8] = []
      for _ in 0..<((count + 7) / 8) { bits.append(try input.byte()) }
      let indices = (0..<count).filter { bits[$0 / 8] >> UInt8(clamping: $0 % 8) & 1 == 1 }
      var live = [Int64?](repeating: nil, count: count)
      for (index, value) in zip(indices, try input.differences(indices.count)) { live[index] = value }
      return live
    default: throw .meaningless(at: input.offset - 1)
    }
  }
}

// MARK: - Columns and marks

extension VarintWriter {
  fileprivate mutating func differences(_ values: some Sequence<Int64>) {
    var before: Int64 = 0
    for value in values {
      signed(value &- before)
      before = value
    }
  }
}

extension VarintReader {
  fileprivate mutating func differences(_ count: Int) throws(Failure) -> [Int64] {
    guard count <= remaining else { throw .ended(at: offset) }
    var values: [Int64] = []
    values.reserveCapacity(count)
    var before: Int64 = 0
    for _ in 0..<count {
      before &+= try signed()
      values.append(before)
    }
    return values
  }
}

/// The times of the mark before.
private struct MarkBase {
  var began: Int64 = 0
  var cpuBegan: Int64 = 0
}

extension SeriesFormat {
  private static func encode(
    _ mark: ResidentSeries.Mark, after before: inout MarkBase, to out: inout VarintWriter
  ) {
    out.text(mark.phase)
    out.signed(mark.began.count &- before.began)
    out.signed(mark.ended.count &- mark.began.count)
    out.signed(mark.cpuBegan.count &- before.cpuBegan)
    out.signed(mark.cpuEnded.count &- mark.cpuBegan.count)
    out.unsigned(mark.operations)
    out.signed(mark.live.count)
    let optional = [mark.resident, mark.anonymous, mark.lazyFree]
    out.byte(
      optional.enumerated().reduce(0) { $1.element == nil ? $0 : $0 | 1 << UInt8(clamping: $1.offset) })
    for case let value? in optional { out.signed(value.count) }
    before = MarkBase(began: mark.began.count, cpuBegan: mark.cpuBegan.count)
  }

  private static func decodeMark(
    after before: inout MarkBase, from input: inout VarintReader
  ) throws(VarintReader.Failure) -> ResidentSeries.Mark {
    let phase = try input.text()
    let began = before.began &+ (try input.signed())
    let ended = began &+ (try input.signed())
    let cpuBegan = before.cpuBegan &+ (try input.signed())
    let cpuEnded = cpuBegan &+ (try input.signed())
    let operations = try input.unsigned()
    let live = try input.signed()
    let present = try input.byte()
    guard present < 8 else { throw .meaningless(at: input.offset - 1) }
    before = MarkBase(began: began, cpuBegan: cpuBegan)
    return ResidentSeries.Mark(
      phase: phase, ended: Nanoseconds(ended), began: Nanoseconds(began), cpuEnded: Nanoseconds(cpuEnded),
      cpuBegan: Nanoseconds(cpuBegan), operations: operations, live: Bytes(live),
      resident: present & 1 == 0 ? nil : Bytes(try input.signed()),
      anonymous: present & 2 == 0 ? nil : Bytes(try input.signed()),
      lazyFree: present & 4 == 0 ? nil : Bytes(try input.signed()))
  }
}
