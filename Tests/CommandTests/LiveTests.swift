import Foundation
import Testing

/// Runs `run --live` in a pseudo-terminal, as a user sees it.
@Suite struct LiveTests {
  /// Starts a command in a terminal of so many columns and rows, presses Ctrl-C after the first frames if asked to, and
  /// prints its exit code and everything that it wrote, as JSON.
  private static let terminal = """
    import fcntl, json, os, pty, struct, sys, termios
    columns, rows, interrupts = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "interrupt"
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.environ["TERM"] = "xterm"
        os.execv(sys.argv[4], sys.argv[4:])
    output = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        output += piece
        if not piece:
            break
        if interrupts and output.count(b"\\x1b[?25l") > 3:
            os.write(terminal, b"\\x03")
            interrupts = False
    print(json.dumps({"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "output": output.decode()}))
    """

  private struct Seen: Decodable {
    var code: Int32
    var output: String

    /// What was drawn before the cursor came back.
    var frames: String { output.components(separatedBy: "\u{1B}[?25h")[0] }
  }

  private static func run(
    _ arguments: [String], columns: Int, rows: Int, interrupting: Bool = false
  ) throws -> Seen? {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else {
      print("skipped: /usr/bin/python3 is not installed; apt-get install python3")
      return nil
    }
    let binary = try HeapscaleBinary()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments =
      ["-c", terminal, "\(columns)", "\(rows)", interrupting ? "interrupt" : "", HeapscaleBinary.path]
      + arguments + ["--store", binary.store]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Seen.self, from: data)
  }

  private static let measuring = [
    "run", "--workload", "sawtooth:peak=4MiB,idle=300ms", "--scale", "quick", "--variant", "glibc/dynamic",
    "--warmup", "0", "--live", "--trials",
  ]

  @Test func `the running cell is drawn with its curve, and the terminal is left as it was`() throws {
    guard let seen = try LiveTests.run(LiveTests.measuring + ["3"], columns: 80, rows: 24) else { return }
    #expect(seen.code == 0)
    #expect(seen.frames.contains("sawtooth on glibc/dynamic") && seen.frames.contains("/3"))
    #expect(seen.frames.contains("▒") && seen.frames.contains("█"))
    #expect(seen.output.components(separatedBy: "\u{1B}[?25h").count == 2)
    #expect(!seen.output.components(separatedBy: "\u{1B}[?25h")[1].contains("\u{1B}[?25l"))
  }

  @Test func `no line of a narrow terminal is broken`() throws {
    guard let seen = try LiveTests.run(LiveTests.measuring + ["2"], columns: 40, rows: 14) else { return }
    let drawn = seen.frames.components(separatedBy: "\u{1B}[K").flatMap { $0.components(separatedBy: "\r\n") }
      .map { $0.replacing(/\u{1B}\[[?0-9;]*[A-Za-z]/, with: "").replacing("\r", with: "") }
    #expect(drawn.contains { $0.contains("sawtooth on") })
    #expect(drawn.filter { $0.count >= 40 }.isEmpty)
  }

  @Test func `after Ctrl-C the cursor is back and what was measured is stored`() throws {
    guard
      let seen = try LiveTests.run(
        LiveTests.measuring + ["500"], columns: 80, rows: 24, interrupting: true)
    else { return }
    #expect(seen.code == 130)
    let after = seen.output.components(separatedBy: "\u{1B}[?25h")
    #expect(after.count == 2 && after[1].contains("run --resume"))
  }

  @Test func `without a terminal it says so and shows plain progress`() throws {
    let binary = try HeapscaleBinary()
    let run = try binary.start(LiveTests.measuring + ["1", "--store", binary.store]).1()
    #expect(run.status == 0)
    #expect(run.errors.contains("--live draws on a terminal") && run.errors.contains("block 1 of 1"))
    #expect(!run.errors.contains("\u{1B}"))
  }
}
