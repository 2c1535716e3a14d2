import Foundation
import Glibc
import Testing

/// A session is one experiment: it goes on only as what it began as, in the store that it began in.
@Suite(.serialized) struct ResumeTests {
  /// A session of a script, interrupted after some trials.
  private func interrupted(
    _ binary: HeapscaleBinary, _ command: [String], environment: [String: String] = [:]
  ) throws -> String {
    let options = ["--allocators", "glibc", "--trials", "40", "--warmup", "0", "--store", binary.store]
    let all = ["compare"] + options + ["--"] + command
    let (process, wait) = try binary.start(all, environment: environment)
    try waitForTrials(binary)
    kill(process.processIdentifier, SIGINT)
    let run = wait()
    #expect(run.status == 130, "\(run.errors)")
    return try #require(run.errors.firstMatch(of: /--session (\S+)/)).1.description
  }

  private func waitForTrials(_ binary: HeapscaleBinary) throws {
    for _ in 0..<800 {
      if try trials(binary.store) >= 3 { return }
      usleep(10_000)
    }
    Issue.record("no trial was stored")
  }

  private func trials(_ store: String) throws -> Int {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sqlite3", "-readonly", store, "SELECT count(*) FROM trial"]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Int(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  private func script(_ binary: HeapscaleBinary, _ text: String) throws -> String {
    let path = try binary.file("job.sh", "#!/bin/sh\n\(text)\n")
    chmod(path, 0o755)
    return path
  }

  @Test func `another script under the same name is another experiment`() throws {
    let binary = try HeapscaleBinary()
    let path = try script(binary, "sleep 0.05")
    _ = try interrupted(binary, ["sh", path])
    let before = try trials(binary.store)
    _ = try script(binary, "sleep 0.06")
    let run = try binary.run("run", "--resume", "--store", binary.store)
    #expect(run.status == 64)
    #expect(
      run.errors.contains("\(path) has changed") && run.errors.contains("measure anew"), "\(run.errors)")
    #expect(try trials(binary.store) == before)
    _ = try script(binary, "sleep 0.05")
    let again = try binary.run("run", "--resume", "--store", binary.store)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try trials(binary.store) == 40)
  }

  @Test func `another environment is another experiment, another terminal is not`() throws {
    let binary = try HeapscaleBinary()
    _ = try interrupted(binary, ["sleep", "0.05"], environment: ["JOB_SIZE": "34", "SSH_TTY": "/dev/pts/1"])
    for (environment, word) in [
      (["JOB_SIZE": "234"], "the variable JOB_SIZE has changed"), ([:], "JOB_SIZE is gone"),
    ] {
      let run = try binary.run("run", "--resume", "--store", binary.store, environment: environment)
      #expect(run.status == 64)
      #expect(run.errors.contains(word) && !run.errors.contains("234"), "\(run.errors)")
    }
    let added = try binary.run(
      "run", "--resume", "--store", binary.store, environment: ["JOB_SIZE": "34", "JOB_MODE": "x"])
    #expect(added.status == 64 && added.errors.contains("the variable JOB_MODE is new"), "\(added.errors)")
    let run = try binary.run(
      "run", "--resume", "--store", binary.store, environment: ["JOB_SIZE": "34", "SSH_TTY": "/dev/pts/2"])
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func `a library that the program maps is part of the experiment, a file that it writes is not`()
    throws
  {
    let binary = try HeapscaleBinary()
    let library = binary.folder.appending(path: "libjob.so").path
    let written = try binary.file("written", "0")
    func build(_ value: Int) throws {
      let source = try binary.file("job.c", "int job(void) { return \(value); }")
      let made = try binary.command("gcc", "-shared", "-fPIC", "-o", library, source)
      #expect(made == 0)
    }
    try build(1)
    let source = try binary.file(
      "main.c", "#include <unistd.h>\nint job(void); int main() { usleep(50000); return job() > 9; }")
    let program = binary.folder.appending(path: "main").path
    #expect(try binary.command("gcc", "-o", program, source, library) == 0)
    _ = try interrupted(binary, ["sh", "-c", "date +%N >\(written); exec \(program)"])
    try build(2)
    let run = try binary.run("run", "--resume", "--store", binary.store)
    #expect(run.status == 64)
    #expect(run.errors.contains("\(library) has changed"), "\(run.errors)")
    #expect(!run.errors.contains("written has changed"), "\(run.errors)")
    try build(1)
    let again = try binary.run("run", "--resume", "--store", binary.store)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func `a store that is deleted under a session leaves its trials in a file that resumes`() throws {
    let binary = try HeapscaleBinary()
    let (_, wait) = try binary.start([
      "compare", "--allocators", "glibc", "--trials", "40", "--warmup", "0", "--store", binary.store, "--",
      "sleep", "0.05",
    ])
    try waitForTrials(binary)
    try FileManager.default.removeItem(atPath: binary.store)
    let run = wait()
    #expect(run.status == 6, "\(run.errors)")
    #expect(run.errors.contains("it is gone"), "\(run.errors)")
    let found = try #require(run.errors.firstMatch(of: /--session (\S+) --store (\S+)/))
    let saved = String(found.2)
    #expect(try trials(saved) >= 3)
    let resumed = try binary.run("run", "--resume", "--session", String(found.1), "--store", saved)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try trials(saved) == 40)
  }
}

extension HeapscaleBinary {
  /// Runs a program in the test's folder; its exit code.
  func command(_ name: String, _ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
