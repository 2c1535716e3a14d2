import Foundation
import Model
import Testing

@testable import Targets

@Suite struct CommandProgramTests {
  @Test func `a command is found along PATH and can take a preload`() throws {
    let program = try CommandProgram.inspect(command: "sort", searchPath: "/nowhere:/usr/bin:/bin")
    #expect(lastComponent(program.path) == "sort")
    #expect(program.libc == .glibc && !program.isStatic && !program.definesMalloc)
    #expect(program.preloadObstacle == nil)
  }

  @Test func `a command that is nowhere is named with the places`() {
    #expect(throws: TargetsError.commandNotFound(command: "no-such", searched: "looked in /a:/b")) {
      try CommandProgram.inspect(command: "no-such", searchPath: "/a:/b")
    }
    #expect(throws: TargetsError.file(path: "/usr", problem: "is a folder, not a program")) {
      try CommandProgram.inspect(command: "/usr", searchPath: nil)
    }
  }

  @Test func `a script leads to the program that runs it`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("#!/usr/bin/env -S sh -e\nexit 0\n", to: folder + "/inner", executable: true)
      try Files.write("#!\(folder)/inner\n", to: folder + "/outer", executable: true)
      let found = try CommandProgram.inspect(command: folder + "/outer", searchPath: "/usr/bin:/bin")
      #expect(found.scripts.first == folder + "/inner")
      #expect(lastComponent(found.program) == "sh")
      #expect(found.libc == .glibc)
    }
  }

  @Test func `interpreters that name each other end in an error`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("#!\(folder)/b\n", to: folder + "/a", executable: true)
      try Files.write("#!\(folder)/a\n", to: folder + "/b", executable: true)
      #expect(throws: TargetsError.self) {
        try CommandProgram.inspect(command: folder + "/a", searchPath: nil)
      }
    }
  }

  @Test func `a file that is no program is refused before it is run`() async throws {
    try await Workspace.temporary { folder in
      try Files.write("hello\n", to: folder + "/text", executable: true)
      try Files.write("hello\n", to: folder + "/plain")
      #expect(
        throws: TargetsError.notELF(
          path: folder + "/text", problem: "is neither a program nor a script that begins with #!")
      ) { try CommandProgram.inspect(command: folder + "/text", searchPath: nil) }
      #expect(
        throws: TargetsError.file(path: folder + "/plain", problem: "may not be executed; try chmod +x")
      ) { try CommandProgram.inspect(command: folder + "/plain", searchPath: nil) }
    }
  }

  /// Compiles a program and gives the reason why nothing can be preloaded into it.
  private func obstacle(_ source: String, _ command: [String]) async throws -> String? {
    try await Workspace.temporary { folder in
      try Files.write(source, to: folder + "/p.c")
      try await ToolRunner.require(command + ["p.c", "-o", "p"], doing: "compiling", in: folder)
      return try CommandProgram.inspect(command: folder + "/p", searchPath: nil).preloadObstacle
    }
  }

  @Test func `static programs and programs with their own malloc take no preload`() async throws {
    let plain = "int main(void) { return 0; }\n"
    #expect(try await obstacle(plain, ["gcc"]) == nil)
    #expect(try await obstacle(plain, ["gcc", "-static"])?.contains("static program") == true)
    let own = "#include <stdlib.h>\nvoid *malloc(size_t n) { (void)n; return 0; }\n" + plain
    #expect(try await obstacle(own, ["gcc", "-rdynamic"])?.contains("brings its own malloc") == true)
  }

  @Test func `programs on musl take no preload built for glibc`() async throws {
    guard
      CommandProgram.find("musl-gcc", in: CommandProgram.searchPath(ProcessInfo.processInfo.environment))
        != nil
    else {
      print("skipped: musl-gcc is not installed")
      return
    }
    let reason = try await obstacle("int main(void) { return 0; }\n", ["musl-gcc"])
    #expect(reason?.contains("runs on musl") == true)
  }

  @Test func `a library of the user's own must define malloc and free`() async throws {
    try await Workspace.temporary { folder in
      try Files.write(
        "#include <stdlib.h>\nvoid *malloc(size_t n) { (void)n; return 0; }\n#ifdef FREE\n"
          + "void free(void *p) { (void)p; }\n#endif\n", to: folder + "/m.c")
      for (name, flag) in [("libmy_malloc.so.1", "-DFREE"), ("half.so", "-DNOTHING")] {
        try await ToolRunner.require(
          ["gcc", "-shared", "-fPIC", "-fno-builtin", flag, "m.c", "-o", name], doing: "compiling", in: folder
        )
      }
      let spec = try AllocatorSpec.userLibrary(path: folder + "/libmy_malloc.so.1")
      #expect(spec.id == "libmy_malloc")
      #expect(spec.marks.files == [Files.resolved(folder) + "/libmy_malloc.so.1"])
      let error = #expect(throws: TargetsError.self) {
        try AllocatorSpec.userLibrary(path: folder + "/half.so")
      }
      #expect(error?.description.contains("does not define free") == true)
      #expect(throws: TargetsError.self) { try AllocatorSpec.userLibrary(path: "/bin/sh") }
      #expect(throws: TargetsError.self) { try AllocatorSpec.userLibrary(path: folder + "/m.c") }
    }
  }
}
