import Model
import Testing

@testable import Profiles

@Suite struct FunctionJoinTests {
  private static let geometry = CacheGeometry(
    i1: .init(size: Bytes(32768), ways: 8, line: Bytes(64)),
    d1: .init(size: Bytes(32768), ways: 8, line: Bytes(64)),
    ll: .init(size: Bytes(8 << 20), ways: 16, line: Bytes(64)))

  private static func totals(_ loads: Double, _ stores: Double) -> EventTotals {
    EventTotals(instructions: loads * 3, loads: loads, stores: stores, d1Misses: loads / 10, llMisses: 1)
  }

  private static let events = SimulatedEvents(
    tool: "valgrind", geometry: geometry, total: totals(1000, 500), allocator: totals(300, 200),
    perOperation: nil, allocatorPerOperation: nil, operations: nil,
    functions: [
      SimulatedFunction(frame: Frame(function: "touch_all", object: ""), own: totals(600, 250)),
      SimulatedFunction(
        frame: Frame(function: "_int_malloc", object: "libc.so.6", role: .allocator), own: totals(250, 150)),
      SimulatedFunction(frame: Frame(function: "only_simulated", object: "app"), own: totals(50, 20)),
    ], isDeterministic: true, notes: [])

  private func row(_ table: FunctionTable, _ name: String) throws -> FunctionTable.Row {
    let rows = table.rows.filter { $0.function == name }
    #expect(rows.count == 1)
    return try #require(rows.first)
  }

  @Test func `what each function did itself and with its callees`() throws {
    var join = FunctionJoin(title: "app")
    join.add(Sample.small, charge: .innermost)
    let table = join.finished()
    #expect(table.rows.map(\.function) == ["touch_all", "[allocator]", "main"])
    #expect(try row(table, "touch_all").values[0] == .init(own: 65_536, cumulative: 69_632))
    #expect(try row(table, "[allocator]").values[0] == .init(own: 12_288, cumulative: 12_288))
    #expect(try row(table, "main").values[0] == .init(own: nil, cumulative: 77_824))
    #expect(table.columns[0].total == 77_824)
  }

  @Test func `memory belongs to who asked for it`() throws {
    var join = FunctionJoin(title: "app")
    join.add(Sample.small, charge: .caller)
    let table = join.finished()
    #expect(!table.rows.contains { $0.role == .allocator })
    #expect(try row(table, "main").values[0] == .init(own: 8192, cumulative: 77_824))
    #expect(try row(table, "touch_all").values[0]?.own == 69_632)
  }

  @Test func `profiles of one program stand side by side, and what one does not know stays empty`() throws {
    var join = FunctionJoin(title: "app")
    join.add(Sample.small, charge: .innermost)
    join.add(FunctionJoinTests.events)
    let table = join.finished()
    #expect(
      table.columns.map(\.name) == ["resident", "faults", "loads", "stores", "d1_misses", "ll_misses"])
    #expect(table.columns.map(\.hasCumulative) == [true, true, false, false, false, false])
    // The simulation knows no file of touch_all; its name is the only one.
    let touch = try row(table, "touch_all")
    #expect(touch.object == "app" && touch.values[2] == .init(own: 600, cumulative: nil))
    #expect(try row(table, "main").values[2] == nil)
    #expect(try row(table, "only_simulated").values[0] == nil)
    // The allocator's part is known as a whole, not only as far as its functions are listed.
    #expect(try row(table, "[allocator]").values[2]?.own == 300)
    #expect(table.columns[2].total == 1000 && table.columns[2].provenance == .simulated)
  }

  @Test func `functions of one name in two files stay apart`() throws {
    var builder = StackProfileBuilder(title: "t", columns: [Sample.columns[0]])
    builder.add([Frame(function: "init", object: "/lib/a.so")], values: [1])
    builder.add([Frame(function: "init", object: "/lib/b.so")], values: [2])
    builder.add([Frame(function: "init", object: "")], values: [4])
    var join = FunctionJoin(title: "t")
    join.add(builder.finished(), charge: .innermost)
    let table = join.finished()
    #expect(table.rows.map(\.object) == ["", "b.so", "a.so"])
  }

  @Test func `a file that becomes known later joins the row without one`() throws {
    var first = StackProfileBuilder(title: "t", columns: [Sample.columns[0]])
    first.add([Frame(function: "f", object: "")], values: [1])
    var second = StackProfileBuilder(title: "t", columns: [Sample.columns[0]])
    second.add([Frame(function: "f", object: "/x/app")], values: [2])
    var join = FunctionJoin(title: "t")
    join.add(first.finished(), charge: .innermost)
    join.add(second.finished(), charge: .innermost)
    let table = join.finished()
    #expect(table.columns.map(\.name) == ["resident", "resident_2"])
    #expect(table.rows.count == 1 && table.rows[0].object == "app")
    #expect(table.rows[0].values.map { $0?.own } == [1, 2])
  }

  @Test func `recursion counts once`() {
    let f = Frame(function: "f", object: "app")
    var builder = StackProfileBuilder(title: "t", columns: [Sample.columns[0]])
    builder.add([f, f, Frame(function: "main", object: "app"), f], values: [10])
    var join = FunctionJoin(title: "t")
    join.add(builder.finished(), charge: .innermost)
    #expect(join.finished().rows[0].values[0] == .init(own: 10, cumulative: 10))
  }

  @Test func `any column sorts, and what has no value stands last`() throws {
    var join = FunctionJoin(title: "app")
    join.add(Sample.small, charge: .innermost)
    join.add(FunctionJoinTests.events)
    let table = join.finished()
    #expect(
      try table.sorted(by: "loads").rows.map(\.function) == [
        "touch_all", "[allocator]", "only_simulated", "main",
      ])
    #expect(try table.sorted(by: "resident", cumulative: true).rows.first?.function == "main")
    let error = #expect(throws: InputError.self) { try table.sorted(by: "laods") }
    #expect(error?.description.contains("did you mean 'loads'") == true)
  }
}
