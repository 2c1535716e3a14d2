import Foundation
import Glibc
import Model
import Probes
import Testing

@Suite struct ImageInspectorTests {
  private func held(
    _ name: String, _ source: String, _ compiler: [String] = TargetPrograms.plain, arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws -> ImageEvidence {
    let path = try TargetPrograms.shared.program(name, source, by: compiler)
    let program = try HeldProgram([path] + arguments, environment: environment)
    return ImageInspector().inspect(pid: program.pid)
  }

  /// The name of the file that both come from; a sentence about what else there is.
  private func server(_ evidence: ImageEvidence) -> String {
    guard case .resolved(let malloc, let free) = evidence.allocation else { return "\(evidence.allocation)" }
    return malloc == free ? URL(filePath: malloc).lastPathComponent : "\(malloc), \(free)"
  }

  @Test(arguments: [
    [], ["-no-pie"], ["-Wl,--hash-style=sysv"], ["-Wl,--hash-style=both"], ["-Wl,-z,now"],
  ])
  func `a dynamic program has malloc from the C library`(options: [String]) throws {
    let evidence = try held("plain", HeldPrograms.plain, TargetPrograms.plain + options)
    #expect(server(evidence) == "libc.so.6")
    #expect(evidence.path.hasSuffix("/plain"))
    #expect(evidence.preloads == [])
    #expect(evidence.mappedFiles?.contains(evidence.path) == true)
  }

  @Test(arguments: [["-static"], ["-static-pie"]])
  func `a static program has no linker`(options: [String]) throws {
    let evidence = try held("plain", HeldPrograms.plain, TargetPrograms.plain + options)
    #expect(evidence.allocation == .withoutLinker)
    #expect(evidence.path.hasSuffix("/plain"))
  }

  @Test func `musl programs are read as well, dynamic and static`() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/musl-gcc") else {
      print("skipped: no musl-gcc")
      return
    }
    let dynamic = try held("plain", HeldPrograms.plain, ["musl-gcc", "-fno-builtin"])
    #expect(["libc.so", "ld-musl-x86_64.so.1", "ld-musl-aarch64.so.1"].contains(server(dynamic)))
    let own = try held("own", HeldPrograms.own, ["musl-gcc", "-fno-builtin"])
    #expect(server(own) == "own")
    let fixed = try held("plain", HeldPrograms.plain, ["musl-gcc", "-static"])
    #expect(fixed.allocation == .withoutLinker)
  }

  @Test(arguments: [[], ["-Wl,--hash-style=sysv"]])
  func `a program that defines malloc comes before a preloaded library`(options: [String]) throws {
    let compiler = TargetPrograms.plain + options
    #expect(server(try held("own", HeldPrograms.own, compiler)) == "own")
    let library = try TargetPrograms.shared.program(
      "libown.so", HeldPrograms.own, by: TargetPrograms.plain + ["-shared", "-fPIC", "-Dmain=unused"])
    let evidence = try held("own", HeldPrograms.own, compiler, environment: ["LD_PRELOAD": library])
    #expect(server(evidence) == "own")
    #expect(evidence.preloads == [library])
    #expect(evidence.mappedFiles?.contains(library) == true)
    let plain = try held("plain", HeldPrograms.plain, compiler, environment: ["LD_PRELOAD": library])
    #expect(server(plain) == "libown.so")
  }

  @Test func `the first of two preloaded libraries serves malloc`() throws {
    let libraries = try ["first", "second"].map {
      try TargetPrograms.shared.program(
        "lib\($0).so", HeldPrograms.own, by: TargetPrograms.plain + ["-shared", "-fPIC", "-Dmain=\($0)"])
    }
    let evidence = try held(
      "plain", HeldPrograms.plain, environment: ["LD_PRELOAD": "\(libraries[0]):\(libraries[1])"])
    #expect(server(evidence) == "libfirst.so")
    #expect(evidence.preloads == libraries)
  }

  @Test(arguments: ["libjemalloc.so.2", "libtcmalloc_minimal.so.4", "libtcmalloc.so.4", "libmimalloc.so.2"])
  func `allocators of the system serve malloc when preloaded`(name: String) throws {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
    guard let library = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.fileExists) else {
      print("skipped: no \(name)")
      return
    }
    let evidence = try held("plain", HeldPrograms.plain, environment: ["LD_PRELOAD": library])
    #expect(server(evidence) == URL(filePath: library).resolvingSymlinksInPath().lastPathComponent)
  }

  @Test(arguments: [[], ["global"]])
  func `a library that is loaded later, or mapped as data, serves nothing`(words: [String]) throws {
    let library = try TargetPrograms.shared.program(
      "libown.so", HeldPrograms.own, by: TargetPrograms.plain + ["-shared", "-fPIC", "-Dmain=unused"])
    for (name, source) in [("loader", HeldPrograms.loader), ("mapper", HeldPrograms.mapper)] {
      let evidence = try held(name, source, arguments: [library] + words)
      #expect(server(evidence) == "libc.so.6")
      #expect(evidence.mappedFiles?.contains(library) == true)
    }
  }

  @Test func `a process whose first thread has ended is seen through another`() throws {
    #expect(server(try held("headless", HeldPrograms.headless)) == "libc.so.6")
  }

  @Test func `a program that its dynamic linker was told to run is the program`() throws {
    let linkers = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]
    let linker = try #require(linkers.first(where: FileManager.default.isExecutableFile))
    let path = try TargetPrograms.shared.program("own", HeldPrograms.own)
    let program = try HeldProgram([linker, path])
    let evidence = ImageInspector().inspect(pid: program.pid)
    #expect(evidence.path == path)
    #expect(server(evidence) == "own")
  }

  @Test(arguments: 0..<30)
  func `what a program lies about itself is bounded and unknown`(way: Int) throws {
    let evidence = try held("liar", HeldPrograms.liar, arguments: ["\(way)"])
    guard case .unknown(let reason) = evidence.allocation else {
      Issue.record("a lie was believed: \(evidence.allocation)")
      return
    }
    #expect(!reason.isEmpty)
    #expect(evidence.path.hasSuffix("/liar"))
  }

  @Test func `a process that is gone is unknown, with the reason`() throws {
    let pid = try HeldProgram([TargetPrograms.shared.program("plain", HeldPrograms.plain)]).pid
    let evidence = ImageInspector().inspect(pid: pid)
    #expect(evidence.path.isEmpty)
    #expect(evidence.allocation == .unknown("it was gone before anybody could look"))
  }

  @Test func `a process that is not dumpable is unknown to an ordinary user`() throws {
    let source = """
      #include <sys/prctl.h>
      #include <unistd.h>
      int main(void) { prctl(PR_SET_DUMPABLE, 0); write(1, "x", 1); pause(); return 0; }
      """
    let path = try TargetPrograms.shared.program("closed", source)
    let evidence = try OrdinaryUser.run {
      let program = try HeldProgram([path])
      return ImageInspector().inspect(pid: program.pid)
    }
    guard case .unknown(let reason) = evidence.allocation else {
      Issue.record("\(evidence)")
      return
    }
    #expect(reason.contains("nobody may look into it"))
    let asRoot = try held("closed", source)
    #expect(getuid() != 0 || server(asRoot) == "libc.so.6")
  }

  @Test func `a process in its exit stop still tells who served malloc`() throws {
    var seen: [ImageEvidence] = []
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: "/bin/true", arguments: ["true"], environment: [:], timeLimit: Nanoseconds(seconds: 20),
      hasTelemetry: false)
    _ = try supervisor.run(
      spec, sampling: Sampling(), atExit: { seen.append(ImageInspector().inspect(pid: $0)) })
    #expect(seen.map(server) == ["libc.so.6"])
  }

  @Test func `a program whose linker gave up had nobody to serve malloc`() throws {
    let library = try TargetPrograms.shared.program(
      "libgone.so", "int gone(void) { return 1; }", by: TargetPrograms.plain + ["-shared", "-fPIC"])
    let path = try TargetPrograms.shared.program(
      "needy", "int gone(void); int main(void) { return gone(); }",
      by: TargetPrograms.plain + ["-Wl,--no-as-needed", library])
    let aside = library + ".aside"
    rename(library, aside)
    defer { rename(aside, library) }
    var seen: [ImageEvidence] = []
    let supervisor = try TrialSupervisor(helperPath: TargetPrograms.shared.helper)
    let spec = LaunchSpec(
      executable: path, arguments: [path], environment: [:], timeLimit: Nanoseconds(seconds: 20),
      hasTelemetry: false)
    let observation = try supervisor.run(
      spec, sampling: Sampling(), atExit: { seen.append(ImageInspector().inspect(pid: $0)) })
    #expect((observation.status >> 8) & 0xff == 127)
    #expect(seen.map(\.allocation) == [.unknown("its dynamic linker had not finished yet")])
  }
}
