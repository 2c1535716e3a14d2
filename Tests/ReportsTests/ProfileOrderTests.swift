import Model
import Testing

@testable import Reports

/// What comes first in tables of profiles.
@Suite struct ProfileOrderTests {
  private static let columns = [
    StackProfile.Column(name: "resident", unit: .bytes, provenance: .sampled, explanation: "bytes")
  ]

  @Test func `unknown callers are no place: they come last and name the option that helps`() throws {
    var builder = StackProfileBuilder(title: "t", columns: Self.columns)
    let malloc = Frame(function: "malloc", object: "libc.so.6", role: .allocator)
    let unknown = Frame(function: "[truncated: see --stack-bytes]", object: "", role: .unknown)
    builder.add([malloc, unknown], values: [1_000_000])
    builder.add([malloc, Frame(function: "load", object: "app"), unknown], values: [5000])
    let profile = builder.finished()
    let choice = try ProfileChoice(profile, first: nil)
    let sites = CallSites(profile, choice: choice).sites.map(\.frame.function)
    #expect(sites == ["load", "[truncated: see --stack-bytes]"])
    let text = try ProfileReport.text(profile, options: ReportOptions(width: 100))
    #expect(text.contains("--stack-bytes"))
    let table = FunctionTable(
      title: "f",
      columns: [
        .init(
          name: "resident", unit: .bytes, provenance: .sampled, explanation: "", total: 9, hasCumulative: true
        )
      ],
      rows: [("[truncated]", 8.0), ("load", 1.0), ("main", nil)].map { name, own in
        .init(
          function: name, object: "", role: .program,
          values: [own.map { .init(own: $0, cumulative: $0) }])
      })
    #expect(try table.sorted(by: "resident").rows.map(\.function) == ["load", "main", "[truncated]"])
  }

  @Test func `of a difference the largest change comes first, with its sign and its share of before`() throws
  {
    let columns = [
      StackProfile.Column(
        name: "live_bytes", unit: .bytes, provenance: .sampled, explanation: "",
        baseColumn: "live_bytes_before"),
      StackProfile.Column(name: "live_bytes_before", unit: .bytes, provenance: .sampled, explanation: ""),
      StackProfile.Column(name: "live_bytes_after", unit: .bytes, provenance: .sampled, explanation: ""),
    ]
    var builder = StackProfileBuilder(title: "t", columns: columns)
    builder.add([Frame(function: "grew", object: "app")], values: [1024, 1024, 2048])
    builder.add([Frame(function: "shrank", object: "app")], values: [-3072, 4096, 1024])
    let profile = builder.finished()
    #expect(ProfilePage.column(of: profile) == "live_bytes")
    let choice = try ProfileChoice(profile, first: "live_bytes")
    let sites = CallSites(profile, choice: choice).sites
    #expect(sites.map(\.frame.function) == ["shrank", "grew"])
    #expect(sites.map(\.share) == ["-60.0 %", "20.0 %"])
    #expect(choice.text(1024, 0) == "+1.00 KiB" && choice.text(-3072, 0) == "-3.00 KiB")
    #expect(choice.text(1024, 1) == "1.00 KiB")
  }
}
