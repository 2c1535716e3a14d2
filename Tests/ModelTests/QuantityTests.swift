import Model
import Testing

@Test(
  arguments: [
    ("4096", 4096), ("64KiB", 65_536), ("1.5MiB", 1_572_864), ("2GiB", 2_147_483_648), ("1 MB", 1_000_000),
  ] as [(String, Int64)])
func `sizes are read`(text: String, bytes: Int64) {
  #expect(Quantity.parse(text, as: .bytes) == bytes)
}

@Test(
  arguments: [("250ms", 250), ("2s", 2000), ("1.5 s", 1500), ("5min", 300_000), ("100", 100)]
    as [(String, Int64)])
func `times are read in milliseconds`(text: String, milliseconds: Int64) {
  #expect(Quantity.parse(text, as: .duration) == milliseconds)
}

@Test(arguments: ["", "x", "1e400MiB", "MiB", "nanMiB", "4 parsecs", "99999999999GiB"])
func `nonsense is no size`(text: String) {
  #expect(Quantity.parse(text, as: .bytes) == nil)
}

@Test func `what is written is read back`() {
  for value: Int64 in [0, 1, 1023, 1024, 65_536, 1 << 20, (1 << 20) + 1, 3 << 30] {
    #expect(Quantity.parse(Quantity.text(value, as: .bytes), as: .bytes) == value)
    #expect(Quantity.parse(Quantity.text(value, as: .duration), as: .duration) == value)
  }
}

@Test func `settings keep commas that belong to a value`() throws {
  let set = try SettingsSet(parsing: "a=MALLOC_CONF=narenas:1,lg_chunk:20,GODEBUG=madvdontneed=1")
  #expect(set.name == "a")
  #expect(
    set.environment == [
      EnvironmentAssignment(variable: "MALLOC_CONF", value: "narenas:1,lg_chunk:20"),
      EnvironmentAssignment(variable: "GODEBUG", value: "madvdontneed=1"),
    ])
}

@Test(arguments: ["", "x", "=A=1", "x=", "x=novalue", "a b=C=1"])
func `malformed settings are refused`(text: String) {
  #expect(throws: InputError.self) { try SettingsSet(parsing: text) }
}

@Test func `a random stream depends on seed and stream alone`() {
  var a = SeededRandom(seed: 7, stream: 1)
  var b = SeededRandom(seed: 7, stream: 1)
  var c = SeededRandom(seed: 7, stream: 2)
  let first = (0..<8).map { _ in a.next() }
  #expect(first == (0..<8).map { _ in b.next() })
  #expect(first != (0..<8).map { _ in c.next() })
}

@Test(arguments: [
  Outcome.ok, .wrongAnswer, .exit(3), .signal(11), .timeOut, .outOfMemory, .preloadFailed, .launchFailed,
])
func `outcomes are read back as written`(outcome: Outcome) {
  #expect(Outcome(outcome.description) == outcome)
}
