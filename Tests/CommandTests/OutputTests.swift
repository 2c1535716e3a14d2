import Foundation
import Glibc
import Testing

/// What a user names for output is written, and nothing else of theirs is harmed.
@Suite struct OutputTests {
  private let binary: HeapscaleBinary

  /// A store with one short session, to be exported.
  init() throws {
    binary = try HeapscaleBinary()
    let run = try binary.run(
      "run", "--workload", "sawtooth:peak=1MiB,cycles=1,idle=0ms", "--variant", "glibc/dynamic", "--trials",
      "2",
      "--store", binary.store, "--quiet")
    #expect(run.status == 0, "\(run.errors)")
  }

  private func path(_ name: String) -> String { binary.folder.appending(path: name).path }

  /// Runs a script of bash, in which `$hs` is heapscale, `$store` the store and `$d` the folder of the test.
  private func shell(_ script: String) throws -> HeapscaleBinary.Run {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "hs": HeapscaleBinary.path, "store": binary.store, "d": binary.folder.path,
    ]) { $1 }
    let files = ["shell-out", "shell-err"].map { binary.folder.appending(path: $0) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return HeapscaleBinary.Run(
      status: process.terminationStatus, output: try String(contentsOf: files[0], encoding: .utf8),
      errors: try String(contentsOf: files[1], encoding: .utf8))
  }

  private func status(_ path: String) throws -> stat {
    var status = stat()
    try #require(lstat(path, &status) == 0, "\(path): \(String(cString: strerror(errno)))")
    return status
  }

  private func isExport(_ name: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: path(name)) else { return false }
    return (try? JSONSerialization.jsonObject(with: data)) != nil
  }

  @Test func `a file is replaced whole with its mode, a new one has the usual mode, nothing is left`() throws
  {
    let old = try binary.file("old.json", "old")
    chmod(old, 0o640)
    let before = try status(old)
    let run = try shell(
      "umask 027; $hs export --store $store -o $d/old.json && $hs export --store $store -o $d/new.json")
    #expect(run.status == 0, "\(run.errors)")
    let after = try status(old)
    #expect(after.st_mode & 0o7777 == 0o640 && after.st_ino != before.st_ino && isExport("old.json"))
    #expect(try status(path("new.json")).st_mode & 0o7777 == 0o640 && isExport("new.json"))
    let names = try FileManager.default.contentsOfDirectory(atPath: binary.folder.path)
    #expect(!names.contains { $0.hasPrefix(".heapscale-") }, "\(names)")
  }

  @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
  func `a file of another user stays theirs`() throws {
    let file = try binary.file("theirs.json", "old")
    #expect(chown(file, 12_345, 12_346) == 0 && chmod(file, 0o664) == 0)
    #expect(try binary.run("export", "--store", binary.store, "-o", file).status == 0)
    let after = try status(file)
    #expect(after.st_uid == 12_345 && after.st_gid == 12_346 && after.st_mode & 0o7777 == 0o664)
    #expect(isExport("theirs.json"))
  }

  @Test func `symbolic links are followed, also to a file that is not there yet`() throws {
    _ = try binary.file("target.json", "old")
    let run = try shell(
      """
      mkdir $d/sub; ln -s ../target.json $d/sub/one; ln -s sub/one $d/two; ln -s $d/sub/late.json $d/three
      $hs export --store $store -o $d/two && $hs export --store $store -o $d/three
      """)
    #expect(run.status == 0, "\(run.errors)")
    for link in ["sub/one", "two", "three"] {
      #expect(try status(path(link)).st_mode & S_IFMT == S_IFLNK, "\(link)")
    }
    #expect(isExport("target.json") && isExport("sub/late.json"))
    let round = try shell("ln -s round $d/round; $hs export --store $store -o $d/round")
    #expect(round.status == 64 && round.errors.contains("symbolic links"), "\(round.errors)")
  }

  @Test func `all names of a file with hard links get what is written`() throws {
    let file = try binary.file("first.json", String(repeating: "x", count: 1 << 20))
    let run = try shell("ln $d/first.json $d/second.json; $hs export --store $store -o $d/second.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try status(file).st_nlink == 2 && isExport("first.json") && isExport("second.json"))
  }

  @Test func `a FIFO, process substitution and descriptors are written through`() throws {
    let run = try shell(
      """
      mkfifo $d/fifo; cat $d/fifo >$d/a.json & $hs export --store $store -o $d/fifo || exit 1; wait $!
      $hs export --store $store -o >(cat >$d/b.json) || exit 2; wait $!
      $hs export --store $store -o /dev/fd/7 7>$d/c.json || exit 3
      $hs export --store $store -o /dev/stdout | cat >$d/d.json; exit ${PIPESTATUS[0]}
      """)
    #expect(run.status == 0, "\(run.status) \(run.errors)")
    for name in ["a.json", "b.json", "c.json", "d.json"] { #expect(isExport(name), "\(name)") }
    #expect(try status(path("fifo")).st_mode & S_IFMT == S_IFIFO)
    for number in ["3", "9"] {
      let closed = try shell("$hs export --store $store -o /dev/fd/\(number)")
      #expect(closed.status == 64 && closed.errors.contains("was not started with"), "\(closed.errors)")
    }
    let reading = try shell("$hs export --store $store -o /dev/fd/5 5</dev/null")
    #expect(reading.status == 64 && reading.errors.contains("reading only"), "\(reading.errors)")
  }

  @Test func `a socket that somebody listens at gets all of it`() throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = "/tmp/heapscale-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer {
      close(listener)
      unlink(name)
    }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0 && listen(listener, 1) == 0)
    let (_, end) = try binary.start(["export", "--store", binary.store, "-o", name])
    let connection = accept(listener, nil, nil)
    let text = FileHandle(fileDescriptor: connection, closeOnDealloc: true).readDataToEndOfFile()
    let run = end()
    #expect(run.status == 0, "\(run.errors)")
    #expect(try JSONSerialization.jsonObject(with: text) is [String: Any])
    #expect(try status(name).st_mode & S_IFMT == S_IFSOCK)
  }

  @Test func `a folder is refused with what to do`() throws {
    for name in [binary.folder.path, binary.folder.path + "/", binary.folder.path + "/none/x.json"] {
      let run = try binary.run("export", "--store", binary.store, "-o", name)
      #expect(run.status == 64 && run.errors.contains("choose another file"), "\(run.status) \(run.errors)")
      let check = try binary.run(
        "baseline", "save", "--store", binary.store, "--file", name)
      #expect(check.status == 64 && check.errors.contains("folder"), "\(check.status) \(check.errors)")
    }
  }

  /// Devices of the test's own: what goes wrong harms none of the machine's.
  private static let makesDevices =
    geteuid() == 0
    && OutputTests.succeeds("d=$(mktemp -d); mknod $d/n c 1 3 && : >$d/n; e=$?; rm -r $d; exit $e")
  private static let mounts =
    geteuid() == 0 && OutputTests.succeeds("unshare -m mount -t tmpfs -o size=1m none /mnt")

  private static func succeeds(_ script: String) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test(.enabled(if: makesDevices, "device nodes cannot be made here"))
  func `a device stays one, and a full one is an error`() throws {
    let run = try shell(
      """
      mknod $d/null c 1 3; mknod $d/full c 1 7; ln -s null $d/link
      for name in null link; do $hs export --store $store -o $d/$name || exit 2; done
      $hs export --store $store -o $d/full
      """)
    #expect(run.status == 1 && run.errors.contains("No space left on device"), "\(run.status) \(run.errors)")
    for name in ["null", "full"] { #expect(try status(path(name)).st_mode & S_IFMT == S_IFCHR) }
  }

  @Test(.enabled(if: mounts, "file systems cannot be mounted here"))
  func `a full disk leaves the file that was there, and nothing half-written`() throws {
    let run = try shell(
      """
      mkdir $d/small; export d hs store
      unshare -m bash -c '
        mount -t tmpfs -o size=64k none $d/small; cd $d/small
        echo old >a; echo old >b; ln b c; head -c 53248 /dev/zero >fill
        $hs export --store $store -o a --format session; echo $?; $hs export --store $store -o b --format session; echo $?
        cat a b; ls -A'
      """)
    #expect(run.output == "1\n1\nold\nold\na\nb\nc\nfill\n", "\(run.output) \(run.errors)")
    #expect(run.errors.ranges(of: "No space left on device").count == 2, "\(run.errors)")
  }

  @Test(.enabled(if: mounts, "file systems cannot be mounted here"))
  func `a full build cache is what the machine lacks, with a remedy`() throws {
    let run = try shell(
      """
      mkdir $d/cache; export d hs store
      unshare -m bash -c '
        mount -t tmpfs -o size=1m,mode=755 none $d/cache; head -c 900k /dev/zero >$d/cache/fill
        HEAPSCALE_CACHE=$d/cache $hs run --workload larson --variant glibc/dynamic --trials 1 --store $store'
      """)
    #expect(run.status == 6, "\(run.status) \(run.errors)")
    #expect(run.errors.contains("no room left") && run.errors.contains("HEAPSCALE_CACHE"), "\(run.errors)")
  }

  @Test(arguments: ["list metrics", "export", "--help", "show", "--version"])
  func `standard output that cannot be written is an error with a message`(command: String) throws {
    let store = ["export", "show"].contains(command) ? "--store $store" : ""
    for (target, reason) in [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")] {
      let run = try shell("$hs \(command) \(store) \(target)")
      #expect(run.status == 1, "\(command) \(target): \(run.status)")
      #expect(run.errors == "heapscale: cannot write standard output: \(reason)\n", "\(run.errors)")
    }
  }

  @Test func `a reader that has had enough is no error`() throws {
    let run = try shell(
      """
      mkfifo $d/gate
      for command in "list metrics" "--help" "export --store $store"; do
        (: <$d/gate; $hs $command; echo "status $?" >&2) | { exec <&-; : >$d/gate; }
      done
      """)
    #expect(run.errors.split(separator: "\n").allSatisfy { $0 == "status 0" }, "\(run.errors)")
  }

  @Test func `standard error that is full, closed or read by nobody does not end a run`() throws {
    let command =
      "run --workload sawtooth:peak=1MiB,cycles=1,idle=0ms --variant glibc/dynamic --trials 2 --store $store"
    for target in ["2>/dev/full", "2>&-", "2> >(exec <&-)", "<&- 2>&-"] {
      let run = try shell("$hs \(command) \(target)")
      #expect(run.status == 0 && run.output.contains("sawtooth"), "\(target): \(run.status) \(run.errors)")
    }
  }

  @Test func `a broken pipe ends programs that are measured as it does without heapscale`() throws {
    let program = try binary.file(
      "pipe.sh",
      """
      #!/bin/bash
      mask=$(sed -n 's/SigIgn:\\t*//p' /proc/self/status)
      exit $(( (0x$mask >> 12) & 1 ))
      """)
    chmod(program, 0o755)
    let run = try shell("$hs compare --allocators glibc --trials 2 --store $store -- \(program)")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    // The program does see it where the signal is ignored.
    #expect(try shell("trap '' PIPE; \(program)").status == 1)
  }

  @Test func `with all streams closed, what is opened next is not written into`() throws {
    let command =
      "run --workload sawtooth:peak=1MiB,cycles=1,idle=0ms --variant glibc/dynamic --trials 2 --store $d/s.sqlite"
    let run = try shell("$hs \(command) <&- >&- 2>&-; echo $?; $hs show --store $d/s.sqlite")
    #expect(run.status == 0 && run.output.hasPrefix("1\n"), "\(run.output) \(run.errors)")
    #expect(run.output.contains("sawtooth"), "\(run.output)")
  }
}
