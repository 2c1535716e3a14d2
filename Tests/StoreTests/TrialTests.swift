import Foundation
import Model
import Testing

@testable import Store

struct TrialTests {
  let folder: Folder
  let store: Store
  let id = Fixture.session().id

  init() throws {
    folder = try Folder()
    store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
  }

  @Test func `trials come back as they were recorded`() throws {
    let trials = [
      Fixture.trial(), Fixture.trial(block: 1, outcome: .signal(11)), Fixture.trial(block: 2, samples: 0),
    ]
    for trial in trials { try store.record(trial, session: id) }
    #expect(try store.trials(session: id, includingSeries: true) == trials)
  }

  @Test func `curves are left out unless they are asked for`() throws {
    try store.record(Fixture.trial(), session: id)
    #expect(try store.trials(session: id).first?.series == nil)
    #expect(try store.series(session: id, cellKey: Fixture.key, block: 0) == Fixture.trial().series)
  }

  @Test func `processes come back as they were, and alone when they are asked for`() throws {
    try store.record(Fixture.trial(), session: id)
    let expected = Fixture.trial().processTable
    #expect(expected.count == 4)
    #expect(try store.processes(session: id, cellKey: Fixture.key, block: 0) == expected)
    #expect(try store.trials(session: id).first?.processTable == expected)
    #expect(try store.trials(session: id, includingProcesses: false).first?.processTable.isEmpty == true)
    #expect(throws: StoreError.unknownTrial(session: id, cellKey: Fixture.key, block: 7)) {
      try store.processes(session: id, cellKey: Fixture.key, block: 7)
    }
  }

  @Test func `a hundred thousand processes are stored in less than a megabyte, and all are counted`() throws {
    var trial = Fixture.trial()
    trial.otherProcesses = []
    trial.processes = []
    for index in 0..<100_000 {
      let name = index % 3 == 0 ? "cc1" : "sh\(index)"
      let share = index == 5 ? 0.9 : 0
      trial.processes.append(
        Fixture.process(pid: Int32(index), name: name, cpu: Int64(index), share: share))
    }
    try store.record(trial, session: id)
    let table = try store.processes(session: id, cellKey: Fixture.key, block: 0)
    #expect(table.count == 100_000)
    #expect(table.records.count == ProcessTable.limit)
    #expect(table.records.contains { $0.pid == 0 } && table.records.contains { $0.pid == 5 })
    #expect(table.records.contains { $0.pid == 99_999 })
    let cpu: [Int64] = table.records.compactMap { $0.cpu?.count } + table.others.compactMap { $0.cpu?.count }
    let total = cpu.reduce(Int64(0), +)
    #expect(total == 4_999_950_000)
    #expect(try store.number("SELECT length(processes) FROM tree") < 1 << 20)
    // Compacted once more on its way through a merge it stays as it is.
    #expect(table.compacted() == table)
  }

  @Test func `a trial without curve has none, and a missing trial is an error`() throws {
    try store.record(Fixture.trial(samples: 0), session: id)
    #expect(try store.series(session: id, cellKey: Fixture.key, block: 0) == nil)
    #expect(throws: StoreError.unknownTrial(session: id, cellKey: Fixture.key, block: 7)) {
      try store.series(session: id, cellKey: Fixture.key, block: 7)
    }
  }

  @Test func `a cell is measured once in a block, and the first trial is kept`() throws {
    try store.record(Fixture.trial(), session: id)
    #expect(throws: StoreError.duplicateTrial(session: id, cellKey: Fixture.key, block: 0)) {
      try store.record(Fixture.trial(samples: 9), session: id)
    }
    #expect(try store.trials(session: id, includingSeries: true) == [Fixture.trial()])
    #expect(try store.number("SELECT count(*) FROM value") == Fixture.trial().values.count)
  }

  @Test func `a trial of an unknown cell or session is refused`() throws {
    #expect(throws: StoreError.unknownCell(session: id, cellKey: "x")) {
      try store.record(Fixture.trial(cell: "x"), session: id)
    }
    #expect(throws: StoreError.unknownSession(name: "x", known: [id])) {
      try store.record(Fixture.trial(), session: "x")
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a value that is no finite number becomes unavailable, never null or zero`(value: Double) throws {
    var trial = Fixture.trial()
    trial.values = ["wall": .value(value, .counted)]
    try store.record(trial, session: id)
    let read = try #require(try store.trials(session: id).first?.values["wall"])
    #expect(read == .unavailable("the measured value was no finite number (\(value))"))
  }

  @Test func `doubles come back bit for bit`() throws {
    var trial = Fixture.trial()
    let numbers = [0.1, -1e-9, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3, 1e22]
    for (index, number) in numbers.enumerated() {
      trial.values[MetricID("m\(index)")] = .value(number, .simulated)
    }
    try store.record(trial, session: id)
    let read = try #require(try store.trials(session: id).first)
    for (index, number) in numbers.enumerated() {
      #expect(read.values[MetricID("m\(index)")]?.number?.bitPattern == number.bitPattern)
    }
  }

  @Test func `text after a NUL is kept`() throws {
    var trial = Fixture.trial(outcome: .exit(3))
    trial.message = "a\0b"
    trial.stderrTail = "\0\0tail 🧵 \u{202E}"
    trial.conditions = ["odd\0key": "'); DROP TABLE trial; --"]
    try store.record(trial, session: id)
    let read = try #require(try store.trials(session: id).first)
    #expect(read.message == "a\u{2400}b")
    #expect(read.stderrTail == "\u{2400}\u{2400}tail 🧵 \u{202E}")
    #expect(read.conditions == trial.conditions)
  }

  @Test func `a cursor gives every trial once in order of blocks, over many batches`() throws {
    var slots: [TrialSlot] = []
    for block in -1..<20 {
      for (position, cell) in Fixture.cells.enumerated() {
        slots.append(TrialSlot(cellKey: cell.key, block: block))
        #expect(slots.count == (block + 1) * 4 + position + 1)
      }
    }
    for slot in slots.shuffled() {
      let position = try #require(Fixture.cells.firstIndex { $0.key == slot.cellKey })
      let trial = Fixture.trial(cell: slot.cellKey, block: slot.block, position: position, samples: 1)
      try store.record(trial, session: id)
    }
    #expect(try store.recordedTrials(session: id) == Set(slots))
    var cursor = try store.trialCursor(session: id, includingSeries: true)
    var read: [TrialSlot] = []
    while let trial = try cursor.next() {
      read.append(TrialSlot(cellKey: trial.cellKey, block: trial.block))
      #expect(trial.series != nil)
    }
    #expect(read == slots)
    #expect(try cursor.next() == nil)
  }

  @Test func `trials of one session do not show in another`() throws {
    try store.insert(session: Fixture.session("other"), cells: Fixture.cells)
    try store.record(Fixture.trial(), session: id)
    #expect(try store.trials(session: "other").isEmpty)
    #expect(try store.recordedTrials(session: "other").isEmpty)
  }

  @Test func `a store that is only read sees what a writer records meanwhile`() throws {
    let reader = try folder.open(.readOnly)
    try store.record(Fixture.trial(), session: id)
    #expect(try reader.trials(session: id).count == 1)
    #expect {
      try reader.record(Fixture.trial(block: 1), session: id)
    } throws: {
      if case .unwritable = $0 as? StoreError { true } else { false }
    }
  }
}
