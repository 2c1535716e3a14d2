/// The records of one ring, put in the order of their time stamps.
///
/// A CPU writes them nearly in order: only a record begun before an interrupt may end up behind the interrupt's. A
/// window of some records puts that right; memory stays bounded however long the recording is.
struct OrderedRing {
  /// A record's place in the spool.
  struct Place {
    var time: UInt64
    var offset: Int
    var size: Int
  }

  private static let window = 64
  private let bytes: UnsafeRawBufferPointer
  private let chunks: [EventSpool.Chunk]
  private let decoder: RecordDecoder
  private var nextChunk = 0
  private var base = 0
  private var walk = RecordWalk(bytes: UnsafeRawBufferPointer(start: nil, count: 0))
  private var latest: UInt64 = 0
  /// The latest first, so that the earliest is cheap to take.
  private var pending: [Place] = []
  private(set) var damaged = 0

  init(bytes: UnsafeRawBufferPointer, chunks: [EventSpool.Chunk], decoder: RecordDecoder) {
    self.bytes = bytes
    self.chunks = chunks
    self.decoder = decoder
    pending.reserveCapacity(OrderedRing.window + 1)
    fill()
  }

  /// Time of the earliest record that is left; nil at the end.
  var time: UInt64? { pending.last?.time }

  /// Takes the earliest record.
  mutating func take() -> Place? {
    let result = pending.popLast()
    fill()
    return result
  }

  private mutating func fill() {
    while pending.count < OrderedRing.window, let place = read() {
      var index = 0
      while index < pending.count, pending[index].time > place.time { index += 1 }
      pending.insert(place, at: index)
    }
  }

  /// The next record as it stands in the spool; one without a time goes with the one before it.
  private mutating func read() -> Place? {
    while true {
      if let (header, offset) = walk.next() {
        let record = UnsafeRawBufferPointer(rebasing: walk.bytes[offset..<offset + header.size])
        latest = decoder.time(record, header) ?? latest
        return Place(time: latest, offset: base + offset, size: header.size)
      }
      if walk.damage != nil { damaged += 1 }
      guard nextChunk < chunks.count else {
        walk = RecordWalk(bytes: UnsafeRawBufferPointer(start: nil, count: 0))
        return nil
      }
      let chunk = chunks[nextChunk]
      nextChunk += 1
      base = chunk.offset
      walk = RecordWalk(bytes: UnsafeRawBufferPointer(rebasing: bytes[base..<base + chunk.count]))
    }
  }
}

/// Merges the rings of all CPUs by time: a heap of rings, the one with the earliest record on top.
struct RecordMerge {
  private var heap: [OrderedRing]
  private var damagedBefore = 0

  init(rings: [OrderedRing]) {
    damagedBefore = rings.reduce(0) { $0 + ($1.time == nil ? $1.damaged : 0) }
    heap = rings.filter { $0.time != nil }
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  /// Places in the spool where the walk had to give up.
  var damaged: Int { heap.reduce(damagedBefore) { $0 + $1.damaged } }

  /// The place of the next record; nil at the end.
  mutating func next() -> OrderedRing.Place? {
    guard !heap.isEmpty else { return nil }
    let place = heap[0].take()
    if heap[0].time == nil {
      damagedBefore += heap[0].damaged
      heap.swapAt(0, heap.count - 1)
      heap.removeLast()
    }
    sink(0)
    return place
  }

  private func time(_ index: Int) -> UInt64 { heap[index].time ?? .max }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && time(child) < time(least) {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
