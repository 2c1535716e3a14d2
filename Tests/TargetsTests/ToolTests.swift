import Foundation
import Glibc
import Testing

@testable import Targets

/// Tools that hang, fail, or write without end.
@Suite struct ToolTests {
  private func exists(_ word: String) -> Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).contains { name in
      guard Int32(name) != nil, let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else {
        return false
      }
      return String(decoding: data, as: UTF8.self).contains(word)
    }
  }

  private func run(
    _ arguments: [String], input: String = "", errors: Bool = true, limit: Int = 1000, seconds: Int = 20
  ) throws -> ToolProcess.Result {
    try ToolProcess(path: arguments[0], arguments: arguments, environment: ["HS_TOOL": "x y"], folder: "/")
      .run(input: input, output: .kept(limit: limit, errors: errors), seconds: seconds)
  }

  @Test func `a tool gets its input, folder and environment, and its end is told`() throws {
    let seen = try run(["/bin/sh", "-c", "cat; pwd; echo $HS_TOOL; echo e >&2; exit 3"], input: "in\n")
    #expect(String(decoding: seen.output, as: UTF8.self) == "in\n/\nx y\ne\n")
    #expect(seen.ending == .exited(3))
    #expect(try run(["/bin/sh", "-c", "kill -9 $$"]).ending == .signaled(SIGKILL))
    #expect(try run(["/bin/sh", "-c", "echo e >&2"], errors: false).output.isEmpty)
  }

  @Test func `a tool that hangs is ended at its time with everything that it started`() throws {
    let seen = try run(
      ["/bin/sh", "-c", "setsid sleep 7777201 & (sleep 7777201 &) ; sleep 7777201"], seconds: 1)
    #expect(seen.ending == .timedOut(seconds: 1))
    #expect(seen.survivors == 0)
    #expect(!exists("7777201"))
  }

  @Test func `what a tool leaves behind is ended with it`() throws {
    let seen = try run(["/bin/sh", "-c", "setsid sleep 7777202 & exit 0"])
    #expect(seen.ending == .exited(0))
    #expect(!exists("7777202"))
  }

  @Test func `a tool that writes without end is read, cut and ended`() throws {
    let seen = try run(["/usr/bin/yes"], limit: 4096, seconds: 1)
    #expect(seen.ending == .timedOut(seconds: 1))
    #expect(seen.output.count == 4096)
  }

  @Test func `a tool that cannot be executed is a failure with the reason`() throws {
    #expect(throws: ToolProcess.Failure.self) { try run(["/etc/passwd"]) }
    #expect(throws: ToolProcess.Failure.self) { try run(["/nonexistent/tool"]) }
  }

  @Test func `a tool that hung is not asked the same a second time`() async throws {
    try await Workspace.temporary { folder in
      let tool = folder + "/hangs"
      try Files.write("#!/bin/sh\nexec sleep 7777203\n", to: tool, executable: true)
      for words in ["no end within 1 s", "is not asked again"] {
        let error = await #expect(throws: TargetsError.self) {
          _ = try await ToolRunner.run([tool], seconds: 1)
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      }
    }
  }
}
