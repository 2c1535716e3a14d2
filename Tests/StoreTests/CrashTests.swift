import Foundation
import Model
import Testing

@testable import Store

/// What a killed harness and a full disk leave behind: real processes, real signals, a real full disk.
@Suite(.serialized) struct CrashTests {
  let folder: Folder
  let id = Fixture.session().id

  init() throws { folder = try Folder() }

  @Test(arguments: [1, 3, 7, 20, 60])
  func `a harness killed while it records leaves only whole trials`(milliseconds: Int) async throws {
    let path = folder.file()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, milliseconds = milliseconds as Int] in
      let store = try Store.open(path: path)
      try store.insert(session: Fixture.session(), cells: Fixture.cells)
      try store.record(Fixture.trial(block: 0, samples: 2000), session: Fixture.session().id)
      Thread.detachNewThread {
        usleep(UInt32(milliseconds) * 1000)
        kill(getpid(), SIGKILL)
      }
      for block in 1..<1_000_000 {
        try store.record(Fixture.trial(block: block, samples: 2000), session: Fixture.session().id)
      }
    }
    let store = try folder.open(.existing)
    #expect(try store.sessions().first?.state == .interrupted)
    let recorded = try store.recordedTrials(session: id).count
    #expect(recorded > 0)
    try Wholeness.check(store, session: id)

    // Going on where it stopped.
    try store.claim(session: id)
    try store.record(Fixture.trial(block: recorded, samples: 5), session: id)
    try Wholeness.check(store, session: id)
  }

  @Test func `a store left by a killed harness can be opened only for reading`() async throws {
    let path = folder.file()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try Store.open(path: path)
      try store.insert(session: Fixture.session(), cells: Fixture.cells)
      try store.record(Fixture.trial(), session: Fixture.session().id)
      kill(getpid(), SIGKILL)
    }
    #expect(FileManager.default.fileExists(atPath: path + "-wal"))
    try Wholeness.check(try folder.open(.readOnly), session: id)
  }

  @Test func `a file size limit is an error with the path, and nothing is half written`() async throws {
    let path = folder.file()
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let store = try Store.open(path: path)
      try store.insert(session: Fixture.session(), cells: Fixture.cells)
      let writer = TrialWriter(store: store, session: Fixture.session().id)
      #expect {
        for block in 0..<10_000 { try writer.enqueue(Fixture.trial(block: block, samples: 500)) }
        try writer.finish()
      } throws: {
        if case .inputOutput(path, _) = $0 as? StoreError { true } else { false }
      }
    }
    let store = try folder.open(.existing)
    #expect(try !store.recordedTrials(session: id).isEmpty)
    try Wholeness.check(store, session: id)
  }

  @Test(.enabled(if: Mount.isPossible, "needs the right to mount a small tmpfs"))
  func `a full disk is an error with the path, and room lets the run go on`() throws {
    try Mount.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.path])
    defer { try? Mount.run(["umount", "-l", folder.path]) }
    let store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
    let writer = TrialWriter(store: store, session: id)
    #expect {
      for block in 0..<10_000 { try writer.enqueue(Fixture.trial(block: block, samples: 500)) }
      try writer.finish()
    } throws: {
      if case .diskFull(folder.file(), _) = $0 as? StoreError { true } else { false }
    }
    try Wholeness.check(store, session: id)
    let recorded = try store.recordedTrials(session: id).count
    #expect(recorded > 0)
    try Mount.run(["mount", "-o", "remount,size=8m", folder.path])
    try store.record(Fixture.trial(block: recorded, samples: 500), session: id)
    try Wholeness.check(store, session: id)
  }
}

/// The command line tools that mount file systems.
enum Mount {
  static let isPossible: Bool = {
    guard getuid() == 0, let folder = try? Folder() else { return false }
    defer { try? run(["umount", folder.path]) }
    return (try? run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path])) != nil
  }()

  static func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw POSIXError(.EPERM) }
  }
}
