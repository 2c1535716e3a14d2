import Foundation
import Testing

/// May this change be merged? Checks as CI runs them, with programs whose resident memory is known.
@Suite struct GateTests {
  /// A program that touches so many KiB and ends.
  private static func program(_ binary: HeapscaleBinary, _ name: String, kibibytes: Int) throws -> String {
    let source = try binary.file(
      "\(name).c",
      """
      #include <stdlib.h>
      #include <string.h>
      int main(void) { size_t n = (size_t)\(kibibytes) << 10; char *p = malloc(n); memset(p, 1, n); return p[n / 2] - 1; }
      """)
    let path = binary.folder.appending(path: name).path
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/cc")
    compiler.arguments = ["-O0", source, "-o", path]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
    return path
  }

  @Test func `an unchanged program passes, five per cent more resident memory fails, every time`() throws {
    let binary = try HeapscaleBinary()
    let base = try Self.program(binary, "base", kibibytes: 20_480)
    let new = try Self.program(binary, "new", kibibytes: 21_504)
    let thresholds = try binary.file(
      "t.yaml", "rules: [{gate: false}, {metric: peak_resident, gate: true}]\n")
    for _ in 0..<3 {
      for (candidate, status) in [(base, Int32(0)), (new, 2)] {
        let run = try binary.run(
          "check", "--arm", "base=\(base)", "--arm", "new=\(candidate)", "--trials", "12", "--thresholds",
          thresholds, "--store", binary.store)
        #expect(run.status == status, "\(run.output) \(run.errors)")
      }
    }
  }

  @Test func `a program that fails ends a check with its own code, also where it never gives a value`() throws
  {
    let binary = try HeapscaleBinary()
    let run = try binary.run(
      "check", "--arm", "base=true", "--arm", "new=false", "--trials", "6", "--store", binary.store)
    #expect(run.status == 3, "\(run.output) \(run.errors)")
  }

  @Test func `an improvement fails only on request`() throws {
    let binary = try HeapscaleBinary()
    let base = try Self.program(binary, "base", kibibytes: 21_504)
    let new = try Self.program(binary, "new", kibibytes: 20_480)
    for (flags, status) in [([], Int32(0)), (["--fail-on-improvement"], 4)] {
      let arguments = [
        "--arm", "base=\(base)", "--arm", "new=\(new)", "--trials", "12", "--store", binary.store,
      ]
      let run = try binary.start(["check"] + arguments + flags).1()
      #expect(run.status == status, "\(run.output) \(run.errors)")
    }
  }

  @Test func `a baseline is kept, checked, and refused for times on another machine`() throws {
    let binary = try HeapscaleBinary()
    let plan = try binary.file(
      "plan.yaml",
      "workloads: [\"sawtooth:peak=4MiB,cycles=1,idle=0ms\"]\nvariants: [glibc/dynamic]\ntrials: 8\nscale: quick\n"
    )
    let file = binary.folder.appending(path: "base.json").path
    let missing = try binary.run("check", plan, "--baseline", file, "--store", binary.store)
    #expect(missing.status == 5 && missing.errors.contains("baseline save"), "\(missing.errors)")
    #expect(try binary.run("run", plan, "--store", binary.store).status == 0)
    #expect(try binary.run("baseline", "save", "--file", file, "--store", binary.store).status == 0)
    let junit = binary.folder.appending(path: "junit.xml").path
    let check = try binary.run(
      "check", plan, "--baseline", file, "--store", binary.store, "--junit", junit, "--strict")
    #expect([0, 7].contains(check.status), "\(check.output) \(check.errors)")
    #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("<testsuites"))
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let model = try #require(text.split(separator: "\n").first { $0.contains("\"cpu_model\"") })
    let other = try binary.file(
      "other.json",
      text.replacing(model, with: "      \"cpu_model\" : \"another\",").replacing(",,", with: ","))
    let refused = try binary.run("baseline", "compare", other, "--store", binary.store)
    #expect(refused.status == 5 && refused.errors.contains("cpu_model is"), "\(refused.errors)")
    #expect(refused.output.contains("operations"), "counts are compared all the same")
  }

  /// A plan with one cell, whose name is told by the number.
  private static func plan(_ binary: HeapscaleBinary, peak: Int) throws -> String {
    try binary.file(
      "plan-\(peak).yaml",
      "workloads: [\"sawtooth:peak=\(peak)MiB,cycles=1,idle=0ms\"]\nvariants: [glibc/dynamic]\ntrials: 6\n"
        + "scale: quick\n")
  }

  /// A session of that plan with its baseline, whose JSON is changed before it is compared.
  private static func baseline(_ binary: HeapscaleBinary, peak: Int) throws -> [String: Any] {
    let file = binary.folder.appending(path: "whole.json").path
    #expect(try binary.run("run", Self.plan(binary, peak: peak), "--store", binary.store).status == 0)
    #expect(try binary.run("baseline", "save", "--file", file, "--store", binary.store).status == 0)
    let data = try #require(FileManager.default.contents(atPath: file))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// What a person takes out of a baseline, and what the gate must say then.
  enum Loss: String, CaseIterable {
    case nothing, metric, readings, someMetric, cell

    func apply(to baseline: [String: Any]) throws -> [String: Any] {
      var baseline = baseline
      var cells = try #require(baseline["cells"] as? [[String: Any]])
      var readings = try #require(cells[0]["readings"] as? [String: Any])
      switch self {
      case .nothing: break
      case .metric: readings["peak_resident"] = nil
      case .readings: readings = [:]
      case .someMetric: readings["operations"] = [String: Any]()
      case .cell: break
      }
      cells[0]["readings"] = readings
      baseline["cells"] = self == .cell ? [] : cells
      return baseline
    }

    var missing: [String] {
      switch self {
      case .nothing: []
      case .metric: ["peak_resident of sawtooth"]
      case .readings: ["peak_resident of sawtooth", "operations of sawtooth"]
      case .someMetric: ["operations of sawtooth"]
      case .cell: ["sawtooth", "which the baseline does not have"]
      }
    }
  }

  @Test func `what gates and is not in the baseline is named, fails in JUnit, and does not pass`() throws {
    let binary = try HeapscaleBinary()
    let whole = try Self.baseline(binary, peak: 4)
    for loss in Loss.allCases {
      let file = binary.folder.appending(path: "\(loss).json")
      try JSONSerialization.data(withJSONObject: try loss.apply(to: whole)).write(to: file)
      let junit = binary.folder.appending(path: "\(loss).xml").path
      let run = try binary.run(
        "baseline", "compare", file.path, "--store", binary.store, "--junit", junit, "--json", "-")
      #expect(run.status == (loss == .nothing ? 0 : 5), "\(loss): \(run.status) \(run.errors)")
      for text in loss.missing { #expect(run.errors.contains(text), "\(loss): \(run.errors)") }
      let cases = try String(contentsOfFile: junit, encoding: .utf8)
      let count = cases.ranges(of: "type=\"not-compared\"").count
      #expect((count == 0) == (loss == .nothing), "\(loss): \(cases)")
      #expect(cases.contains("failures=\"\(count)\"") && !cases.contains("tests=\"0\""), "\(loss): \(cases)")
      let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      #expect((document?["gaps"] as? [String])?.count == count)
    }
  }

  @Test(arguments: [
    ("rules: [{gate: false}]\n", "any figure that gates"),
    ("rules: [{metric: go_gc_cycles, gate: true}]\n", "go_gc_cycles, which the thresholds let gate"),
  ])
  func `thresholds under which nothing is compared do not pass`(rules: String, expected: String) throws {
    let binary = try HeapscaleBinary()
    _ = try Self.baseline(binary, peak: 4)
    let thresholds = try binary.file("t.yaml", rules)
    let whole = binary.folder.appending(path: "whole.json").path
    let run = try binary.run(
      "baseline", "compare", whole, "--store", binary.store, "--thresholds", thresholds)
    #expect(
      run.status == 5 && run.errors.contains("not compared: \(expected)"), "\(run.status) \(run.errors)")
  }

  @Test func `a plan that shares no cell with the baseline does not pass`() throws {
    let binary = try HeapscaleBinary()
    _ = try Self.baseline(binary, peak: 4)
    let junit = binary.folder.appending(path: "other.xml").path
    let run = try binary.run(
      "check", try Self.plan(binary, peak: 5), "--baseline", binary.folder.appending(path: "whole.json").path,
      "--store", binary.store, "--junit", junit)
    #expect(
      run.status == 5 && run.errors.contains("which the baseline does not have"),
      "\(run.status) \(run.errors)")
    #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("tests=\"1\" failures=\"1\""))
  }

  @Test func `an arm that gave nothing fails in JUnit, too`() throws {
    let binary = try HeapscaleBinary()
    let junit = binary.folder.appending(path: "arms.xml").path
    let run = try binary.run(
      "check", "--arm", "base=true", "--arm", "new=false", "--trials", "6", "--store", binary.store,
      "--junit",
      junit)
    #expect(run.status == 3, "\(run.errors)")
    let cases = try String(contentsOfFile: junit, encoding: .utf8)
    #expect(cases.contains("type=\"not-compared\"") && cases.contains("which did not end ok"), "\(cases)")
  }

  @Test func `the project's own gate catches a changed count`() throws {
    let binary = try HeapscaleBinary()
    let folder = HeapscaleBinary.root.appending(path: "Results/baselines")
    let text = try String(contentsOf: folder.appending(path: "gate.json"), encoding: .utf8)
    // A count of the baseline that is one less than it was: the program would do more now.
    let readings = try #require(
      text.firstMatch(of: /"operations" : \{\s*"0" : (\d+),\s*"1" : (\d+)\s*\}/))
    let value = try #require(Int(readings.1))
    var lowered = text
    lowered.replaceSubrange(
      readings.range, with: "\"operations\" : {\"0\" : \(value - 1), \"1\" : \(value - 1)}")
    let changed = try binary.file("gate.json", lowered)
    for (baseline, status) in [(folder.appending(path: "gate.json").path, Int32(0)), (changed, 2)] {
      let run = try binary.run(
        "check", "gate", "--baseline", baseline, "--thresholds",
        folder.appending(path: "gate-thresholds.yaml").path, "--store", binary.store)
      #expect(run.status == status, "\(run.status) \(run.output) \(run.errors)")
    }
  }

  @Test func `fewer trials than a verdict needs are inconclusive, and how many are missing is said`() throws {
    let binary = try HeapscaleBinary()
    let run = try binary.run(
      "check", "--arm", "base=true", "--arm", "new=true", "--trials", "3", "--store", binary.store, "--strict"
    )
    #expect(run.status == 7, "\(run.errors)")
    #expect(run.output.contains("more trials"), "\(run.output)")
  }

  @Test func `two sessions are compared, and times of theirs do not decide`() throws {
    let binary = try HeapscaleBinary()
    var names: [String] = []
    for _ in 0..<2 {
      let (run, json) = try binary.measure(
        "run", "--workload", "glibc-simple:operations=20000", "--trials", "3")
      #expect(run.status == 0, "\(run.errors)")
      names.append(try #require((json.root["session"] as? [String: Any])?["id"] as? String))
    }
    let diff = try binary.run("diff", names[0], names[1], "--store", binary.store, "--json", "-")
    #expect(diff.status == 0, "\(diff.errors)")
    #expect(diff.output.contains("heapscale-comparison/1"))
    #expect(try binary.run("diff", names[0], names[0], "--store", binary.store).status == 64)
  }

  @Test func `a run stops by itself when its intervals are narrow or its time is over, and says why`() throws
  {
    let binary = try HeapscaleBinary()
    let run = try binary.run(
      "run", "--workload", "sawtooth:peak=2MiB,cycles=1,idle=0ms", "--variant", "glibc/dynamic", "--variant",
      "glibc/preload/jemalloc", "--budget", "2s", "--aa", "--store", binary.store)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("glibc/preload/jemalloc") && run.output.contains("again"), "\(run.output)")
    let host = try binary.run("show", "--host", "--store", binary.store)
    #expect(host.output.contains("stopped") && host.output.contains("blocks"), "\(host.output)")
  }

  @Test(arguments: [
    (["check"], "nothing to check"), (["check", "--arm", "a=true"], "two arms"),
    (["check", "--arm", "again=true", "--arm", "b=true"], "cannot be called 'again'"),
    (["run", "--workload", "larson", "--settings", "again=X=1", "--aa"], "another name"),
    (["check", "quick", "--arm", "a=true", "--arm", "b=true"], "goes without plan"),
    (["run", "--workload", "larson", "--trials", "many"], "no number of trials"),
    (["run", "--workload", "larson", "--trials", "5", "--budget", "1min"], "stops by itself"),
  ])
  func `a mistake about checks is explained`(arguments: [String], expected: String) throws {
    let run = try HeapscaleBinary().start(arguments).1()
    #expect(run.status == 64 && run.errors.contains(expected), "\(run.errors)")
  }

  @Test(arguments: [
    ("rules: [{metric: peak, gate: true}]", "unknown metric"), ("rules: [{metric: cpu}]", "changes nothing"),
    ("rules: [{metric: cpu, relative: much}]", "no share"), ("rules: [{absolute: 3}]", "needs the metric"),
    ("rule: []", "rule"),
  ])
  func `thresholds that make no sense are refused with their place`(text: String, expected: String) throws {
    let binary = try HeapscaleBinary()
    let file = try binary.file("t.yaml", text)
    let run = try binary.run("check", "--arm", "a=true", "--arm", "b=true", "--thresholds", file)
    #expect(
      run.status == 64 && run.errors.contains(expected) && run.errors.contains("t.yaml"), "\(run.errors)")
  }
}
