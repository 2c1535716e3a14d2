import Model
import Profiles
import Testing

@testable import Reports

/// The whole page of a profile, as a user sees it.
@Suite struct ProfilePageTests {
  private static func page(_ result: ProfileResult, sites: Int? = nil) -> ProfilePage {
    var join = FunctionJoin(title: "Functions")
    if let growth = result.growth { join.add(growth, charge: .caller) }
    for heap in result.heaps { join.add(heap, charge: .caller) }
    if let simulated = result.simulated { join.add(simulated) }
    return ProfilePage(result, functions: join.finished(), sites: sites)
  }

  @Test(arguments: [80, 140]) func `a page in a terminal stays as it was recorded`(width: Int) throws {
    let text = try ProfilePageTests.page(ProfileSamples.result).text(options: ReportOptions(width: width))
    try Golden.expect(text, is: "profile-page-\(width).txt")
    for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= width, "\(line)") }
  }

  @Test func `a page in Markdown stays as it was recorded`() throws {
    try Golden.expect(ProfilePageTests.page(ProfileSamples.result).markdown(), is: "profile-page.md")
  }

  @Test func `nothing is said twice, and small call sites are summed up until somebody asks for them`() throws
  {
    let options = ReportOptions(width: 140)
    let text = try ProfilePageTests.page(ProfileSamples.result).text(options: options)
    for once in ["bytes made resident by page faults", "heap: live_bytes", "4 samples were lost: --ring"] {
      #expect(text.components(separatedBy: once).count == 2, "\(once)")
    }
    #expect(text.contains("touch_all (app.c:12)"))
    #expect(text.contains("jemalloc, verified: malloc is in libjemalloc.so.2"))
    #expect(!text.contains("clear_page") && text.contains("… and 3 more call sites"))
    let all = try ProfilePageTests.page(ProfileSamples.result, sites: 50).text(options: options)
    #expect(all.contains("clear_page"))
  }

  @Test func `an allocator that is not proved is called not verified`() throws {
    var result = ProfileSamples.result
    result.identity = Identity(allocator: nil, evidence: ["libc.so.6 is mapped"], verified: false)
    let text = try ProfilePageTests.page(result).text(options: ReportOptions(width: 140))
    #expect(text.contains("not known, not verified: libc.so.6 is mapped"))
  }

  @Test func `what was not counted is never 0`() throws {
    let text = try ProfilePageTests.page(ProfileSamples.result).text(options: ReportOptions(width: 140))
    #expect(text.contains("not counted") && text.contains("loads, stores: no hardware PMU"))
    let empty = try ProfilePageTests.page(ProfileSamples.emptyResult).text(options: ReportOptions(width: 140))
    #expect(!empty.contains("resident") && !empty.contains(" 0\n"))
  }
}
