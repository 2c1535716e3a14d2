import Model
import Testing

struct CellChoiceTests {
  private static let glibc = Variant(libc: .glibc, linkage: .dynamic, allocator: "glibc")
  private static let jemalloc = Variant(libc: .glibc, linkage: .preload, allocator: "jemalloc")
  private static let tight = SettingsSet(name: "tight", environment: [])
  private static let small = larson(1)
  private static let large = larson(4)
  private static let arm = Subject.command(arm: "server", arguments: ["nginx"])

  private static func larson(_ threads: Int64) -> Subject {
    .workload(
      id: "larson",
      parameters: [Parameter(name: "threads", value: threads), Parameter(name: "seed", value: 1)])
  }

  private static let cells = [
    Cell(subject: small, variant: jemalloc, settings: tight),
    Cell(subject: small, variant: glibc, settings: tight),
    Cell(subject: small, variant: jemalloc, settings: .none),
    Cell(subject: large, variant: jemalloc, settings: tight),
    Cell(subject: large, variant: jemalloc, settings: .none),
    Cell(subject: arm, variant: jemalloc, settings: tight),
  ]

  private func choice(_ subject: String, _ variant: Variant? = nil, _ settings: String? = nil) throws
    -> CellChoice
  {
    try CellChoice(
      subject: subject, variant: variant, settings: settings, among: Self.cells, reference: Self.glibc,
      in: "session s")
  }

  @Test func `any cell can be named`() throws {
    for cell in Self.cells {
      let name = SubjectNames(Self.cells.map(\.subject)).name(of: cell.subject)
      let found = try choice(name, cell.variant, cell.settings.name)
      #expect(found.cell == cell && found.others == 0)
    }
  }

  @Test func `what is left open is filled in, and it is known that there were others`() throws {
    #expect(try choice("larson").cell == Self.cells[1])
    #expect(try choice("larson").others == 4)
    #expect(try choice("larson threads=4").cell == Self.cells[4])
    #expect(try choice("larson", Self.jemalloc).cell == Self.cells[2])
    #expect(try choice("larson threads=4", nil, "tight").cell == Self.cells[3])
    #expect(try choice("server").cell == Self.cells[5])
    #expect(try choice("server").others == 0)
  }

  @Test func `what there is not is answered with what there is`() {
    let subject = #expect(throws: InputError.self) { try choice("servre") }
    #expect(subject?.description == "session s: unknown workload 'servre'; did you mean 'server'?")
    let settings = #expect(throws: InputError.self) { try choice("server", Self.jemalloc, "default") }
    #expect(settings?.hint == "known: tight")
    let variant = #expect(throws: InputError.self) { try choice("server", Self.glibc) }
    #expect(variant?.description.contains("glibc/preload/jemalloc") == true)
  }
}
