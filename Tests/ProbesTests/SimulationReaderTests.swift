import Model
import Testing

@testable import Probes

@Suite struct SimulationReaderTests {
  private static let cachegrind = SimulationRecordings.cachegrind
  private static let callgrind = SimulationRecordings.callgrind
  private static let tiny = "/opt/a folder/tiny"

  @Test func `cachegrind's lines are added up by function`() throws {
    let file = try CachegrindFile(parsing: Self.cachegrind)
    #expect(file.total == RawCosts(instructions: 443, reads: 93, writes: 57, d1Misses: 4, llMisses: 4))
    #expect(file.functions["_start_c"] == RawCosts(instructions: 7, reads: 1, d1Misses: 1, llMisses: 1))
    #expect(file.functions.count == 6)
  }

  @Test func `callgrind's calls are not the caller's own events`() throws {
    let file = try CallgrindFile(parsing: Self.callgrind)
    let main = CallgrindFunction(object: Self.tiny, name: "main")
    #expect(file.functions[main] == RawCosts(instructions: 23, reads: 2, writes: 7))
    #expect(file.creator == "callgrind-3.19.0")
    let unlock = CallgrindFunction(object: Self.tiny, name: "__unlock")
    #expect(file.arcs[.init(caller: main, callee: unlock)] == 36)
    #expect(file.total == RawCosts(instructions: 443, reads: 87, writes: 63, d1Misses: 4, llMisses: 4))
  }

  @Test func `a function that calls itself is one function`() throws {
    let file = try CallgrindFile(parsing: Self.callgrind)
    let free = CallgrindFunction(object: Self.tiny, name: "__libc_free")
    #expect(file.functions[free] == RawCosts(instructions: 318, reads: 63, writes: 42))
    #expect(!file.functions.keys.contains { $0.name.contains("'") })
  }

  @Test func `a called function lies in the caller's object unless the file says otherwise`() throws {
    let text = """
      events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
      ob=(1) a
      fn=(1) f
      1 1
      cob=(2) b
      cfn=(2) g
      calls=1 0
      1 2
      cfn=(2)
      calls=1 0
      1 3
      totals: 1
      """
    let arcs = try CallgrindFile(parsing: text).arcs
    #expect(Set(arcs.keys.map(\.callee.object)) == ["a", "b"])
  }

  @Test func `loads are cachegrind's reads and stores are callgrind's writes, function by function`() throws {
    let profile = try SimulatedProfile(
      CachegrindFile(parsing: Self.cachegrind), CallgrindFile(parsing: Self.callgrind))
    #expect(profile.total.loads == 93 && profile.total.stores == 63)
    let unlock = try #require(profile.functions.first { $0.function.name == "__unlock" })
    // Six of its instructions read and write: cachegrind calls them reads, callgrind writes.
    #expect(unlock.own.loads == 12 && unlock.own.stores == 6)
    #expect(profile.functions.reduce(0) { $0 + $1.own.loads } == 93)
  }

  @Test func `what the allocator calls counts by the share of its calls`() throws {
    let callgrind = try CallgrindFile(parsing: Self.callgrind)
    let shares = AllocatorShares(callgrind, code: AllocatorCode())
    func share(_ name: String) -> Double { shares[CallgrindFunction(object: Self.tiny, name: name)] }
    #expect(share("free") == 1 && share("__libc_free") == 1)
    #expect(share("main") == 0)
    #expect(share("__unlock") == 12.0 / 48)
    let inside = try SimulatedProfile(CachegrindFile(parsing: Self.cachegrind), callgrind).inside(shares)
    #expect(inside.stores == 42 + 6 * 0.25)
    #expect(inside.loads == 63 + 12 * 0.25)
  }

  @Test func `all code of the allocator's own file is inside, whatever it is called`() throws {
    let callgrind = try CallgrindFile(parsing: Self.callgrind)
    let shares = AllocatorShares(callgrind, code: AllocatorCode(libraries: ["tiny"]))
    #expect(shares[CallgrindFunction(object: Self.tiny, name: "main")] == 1)
  }

  @Test(arguments: ["malloc", "tc_malloc", "__libc_calloc", "mi_free", "operator new(unsigned long)"])
  func `entry points are known by the names that libraries give them`(_ name: String) {
    #expect(AllocatorCode().isEntryPoint(name))
  }

  @Test(arguments: ["_int_malloc", "my_malloc_test", "freely", "main", "new", ""])
  func `other functions are no entry points`(_ name: String) { #expect(!AllocatorCode().isEntryPoint(name)) }

  @Test func `the same start-up vanishes in the difference of two runs`() throws {
    let file = try CallgrindFile(parsing: Self.callgrind)
    let difference = file.subtracting(file)
    #expect(difference.total == RawCosts())
    #expect(difference.functions.values.allSatisfy { $0 == RawCosts() })
  }

  @Test func `a file that was cut off is refused at every length`() {
    for text in [Self.cachegrind, Self.callgrind] {
      for length in stride(from: 0, to: text.count - 20, by: 7) {
        let part = String(text.prefix(length))
        #expect(throws: ProbeError.self) { try CachegrindFile(parsing: part) }
        #expect(throws: ProbeError.self) { try CallgrindFile(parsing: part) }
      }
    }
  }

  @Test(arguments: [
    ("calls=1 -18", "calls="), ("0 68 15", "0 -68 15"), ("0 68 15", "0 68x 15"), ("fn=(8)", "fn=(99)"),
    ("0 68 15 8", "0 99999999999999999999 15 8"), ("0 24 6 6", "0 1 1 1 1 1 1 1 1 1 1"),
    ("0 24 6 6", "0 25 6 6"),
    ("events: Ir Dr", "events: Ir XX"), ("fn=(4)\n0 5", "what is this\n0 5"), ("fn=(2) _start_c", "fn=()"),
  ])
  func `damaged callgrind output never crashes, and no wrong figure comes of it`(
    _ before: String, _ after: String
  ) throws {
    #expect(Self.callgrind.contains(before))
    let damaged = Self.callgrind.replacing(before, with: after)
    let whole = try CallgrindFile(parsing: Self.callgrind)
    if let file = try? CallgrindFile(parsing: damaged) { #expect(file.total == whole.total) }
  }

  @Test func `random damage never crashes a reader`() {
    var random = SeededRandom(seed: 7, stream: 0)
    for text in [Self.cachegrind, Self.callgrind] {
      for _ in 0..<400 {
        var bytes = Array(text.utf8)
        for _ in 0..<3 {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        let damaged = String(decoding: bytes, as: UTF8.self)
        _ = try? CachegrindFile(parsing: damaged)
        _ = try? CallgrindFile(parsing: damaged)
      }
    }
  }
}
