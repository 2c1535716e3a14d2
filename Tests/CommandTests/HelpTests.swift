import Testing

@Suite struct HelpTests {
  @Test(arguments: ["run", "compare", "show", "export", "list", "build", "doctor"])
  func `the help of each command says what it does, with examples`(command: String) throws {
    let run = try HeapscaleBinary().run(command, "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("OVERVIEW") && run.output.contains("USAGE"))
    #expect(run.output.split(separator: "\n").count > 8)
  }

  @Test func `lists name what comes along`() throws {
    let binary = try HeapscaleBinary()
    #expect(try binary.run("list", "workloads").output.contains("sawtooth"))
    #expect(try binary.run("list", "allocators", "--verbose").output.contains("mallocng"))
    #expect(try binary.run("list", "plans").output.contains("quick"))
    #expect(try binary.run("list", "metrics").output.contains("peak_resident"))
    #expect(try binary.run("list", "formats").output.contains("markdown"))
  }

  @Test func `doctor tells about toolchains, variants and permissions`() throws {
    let run = try HeapscaleBinary().run("doctor")
    #expect(run.status == 0, "\(run.errors)")
    for word in ["musl-gcc", "glibc/dynamic/glibc", "exit stop", "hardware_pmu"] {
      #expect(run.output.contains(word))
    }
  }
}
