import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    "run", "compare", "profile", "show", "report", "trend", "export", "list", "build", "doctor",
  ])
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

  @Test func `settings are listed by allocator, with pitfalls on request`() throws {
    let binary = try HeapscaleBinary()
    let one = try binary.run("list", "settings", "--allocator", "glibc")
    #expect(one.status == 0 && one.output.contains("glibc.malloc.arena_max"))
    #expect(!one.output.contains("MALLOC_CONF") && !one.output.contains("every malloc becomes an mmap"))
    let verbose = try binary.run("list", "settings", "--allocator", "glibc", "--verbose")
    #expect(verbose.output.contains("In force ≤ 4096: every malloc becomes an mmap"))
    let all = try binary.run("list", "settings")
    for word in ["MALLOC_CONF", "GODEBUG", "every variable is inert"] { #expect(all.output.contains(word)) }
    #expect(try binary.run("list", "settings", "--allocator", "jemaloc").errors.contains("'jemalloc'"))
    #expect(try binary.run("list", "plans", "--allocator", "glibc").status == 64)
  }

  @Test func `doctor tells about toolchains, variants and permissions`() throws {
    let run = try HeapscaleBinary().run("doctor")
    #expect(run.status == 0, "\(run.errors)")
    for word in ["musl-gcc", "glibc/dynamic/glibc", "exit stop", "hardware_pmu"] {
      #expect(run.output.contains(word))
    }
  }

  @Test func `doctor says of every memory event whether it can be had, and why not`() throws {
    let output = try HeapscaleBinary().run("doctor").output
    let section = try #require(output.components(separatedBy: "\nMemory events\n").last)
    for word in [
      "hardware PMU", "cpu_migrations", "mmap_calls", "page faults with address and stack", "loads",
    ] {
      #expect(section.contains(word))
    }
    #expect(section.contains("ready: ") || section.contains("unavailable: "))
  }
}
