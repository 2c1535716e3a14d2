import Foundation
import Glibc
import Testing

/// Files, devices and streams that users name for output keep what they are, and nothing is lost without a word.
@Suite(.serialized) struct OutputFileTests {
  private let binary: HeapscaleBinary

  init() throws {
    binary = try HeapscaleBinary()
    let run = try binary.run(
      "compare", "--allocators", "glibc", "--trials", "2", "--warmup", "0", "--store", binary.store, "--",
      "true")
    try #require(run.status == 0, "\(run.errors)")
  }

  private func show(_ redirection: String, _ arguments: String = "") throws -> HeapscaleBinary.Run {
    let line = "\"$0\" show --store \"$1\" \(arguments) \(redirection)"
    return try shell(line)
  }

  private func shell(_ line: String) throws -> HeapscaleBinary.Run {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", line, HeapscaleBinary.path, binary.store]
    process.currentDirectoryURL = binary.folder
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    let shown = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return .init(
      status: process.terminationStatus, output: String(decoding: shown, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }

  private func status(_ path: String) throws -> stat {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return status
  }

  @Test func `a file keeps its mode, a link its target, a hard link its other name`() throws {
    let file = try binary.file("a.json", "old")
    chmod(file, 0o640)
    let link = binary.folder.appending(path: "link.json").path
    symlink("a.json", link)
    #expect(try binary.run("show", "--store", binary.store, "--json", link).status == 0)
    #expect(try status(link).st_mode & S_IFMT == S_IFLNK)
    #expect(try status(file).st_mode & 0o777 == 0o640)
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("{"))

    let other = binary.folder.appending(path: "other.json").path
    #expect(Glibc.link(file, other) == 0)
    let before = try status(other).st_ino
    #expect(try binary.run("show", "--store", binary.store, "--csv", other).status == 0)
    #expect(try status(other).st_ino == before && status(file).st_ino == before)
    #expect(try !String(contentsOfFile: file, encoding: .utf8).hasPrefix("{"))

    let dangling = binary.folder.appending(path: "dangling.json").path
    symlink("made.json", dangling)
    #expect(try binary.run("show", "--store", binary.store, "--json", dangling).status == 0)
    #expect(try status(binary.folder.appending(path: "made.json").path).st_size > 100)
  }

  @Test func `devices, FIFOs and substituted processes are written through`() throws {
    let substituted = try show("", "--json >(head -c 1)")
    #expect(substituted.status == 0 && substituted.output.contains("{"), "\(substituted)")
    let fifo = try shell(
      "mkfifo f; head -c 1 f & \"$0\" show --store \"$1\" --json f >/dev/null; s=$?; wait; exit $s")
    #expect(fifo.status == 0 && fifo.output == "{", "\(fifo)")
    #expect(try status(binary.folder.appending(path: "f").path).st_mode & S_IFMT == S_IFIFO)
    let device = try binary.run("show", "--store", binary.store, "--json", "/dev/null")
    #expect(device.status == 0)
    #expect(try status("/dev/null").st_mode & S_IFMT == S_IFCHR)
    let full = try binary.run("show", "--store", binary.store, "--json", "/dev/full")
    #expect(
      full.status != 0 && full.errors.contains("/dev/full") && full.errors.contains("No space"), "\(full)")
    #expect(try status("/dev/full").st_mode & S_IFMT == S_IFCHR)
    let folder = try binary.run("show", "--store", binary.store, "--json", binary.folder.path)
    #expect(folder.status == 64 && folder.errors.contains("it is a folder"))
  }

  @Test func `standard output that cannot be written is an error, a reader that has gone is none`() throws {
    for redirection in [">/dev/full", ">&-"] {
      let run = try show(redirection)
      #expect(
        run.status == 1 && run.errors.contains("cannot write standard output"), "\(redirection): \(run)")
    }
    let gone = try shell("\"$0\" show --store \"$1\" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}")
    #expect([0, 141].contains(gone.status) && gone.errors.isEmpty, "\(gone)")
    // Not a byte of it went into a file that got the number of the closed stream.
    let check = try shell("sqlite3 \"$1\" 'PRAGMA integrity_check'")
    #expect(check.output == "ok\n")
  }

  @Test(arguments: ["2>/dev/full", "2>&-", "2> >(exec 0<&-; sleep 0.1)", "0<&- 1>&- 2>&-"])
  func `standard error that is full or closed ends nothing`(redirection: String) throws {
    let run = try shell(
      "\"$0\" compare --allocators glibc --trials 2 --warmup 0 --store \"$1\" --json m.json -- true \(redirection)"
    )
    #expect(run.status == (redirection.contains("1>&-") ? 1 : 0), "\(run)")
    #expect(try status(binary.folder.appending(path: "m.json").path).st_size > 100)
  }

  @Test(arguments: ["9223372036854775807", "1000000000", "99999999999999999999"])
  func `a terminal of any width is served`(columns: String) throws {
    let run = try binary.run("show", "--store", binary.store, environment: ["COLUMNS": columns])
    #expect(run.status == 0 && run.output.utf8.count < 100_000)
  }

  @Test(arguments: ["9223372036854775807s", "300000000h", "1e300h", "9e18", "-5s", "9223372036854775807"])
  func `a time that no clock can count is refused`(time: String) throws {
    for flag in ["--time-limit", "--budget", "--simulate-limit"] {
      let run = try binary.run("run", "quick", "\(flag)=\(time)", "--dry-run", "--store", binary.store)
      #expect(run.status == 64 && run.errors.contains(flag), "\(flag) \(time): \(run.status) \(run.errors)")
    }
    for key in ["time_limit", "budget", "simulate_limit"] {
      let plan = try binary.file("p.yaml", "workloads: [larson]\n\(key): \(time)\n")
      let run = try binary.run("run", plan, "--dry-run", "--store", binary.store)
      #expect(run.status == 64 && run.errors.contains(key), "\(key) \(time): \(run.status) \(run.errors)")
    }
  }
}
