import Foundation
import GRDB
import Testing

@testable import Store

struct OpeningTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test func `a store and its folders are made when they are missing`() throws {
    let path = folder.file("deep/er/heapscale.sqlite")
    let store = try Store.open(path: path)
    #expect(store.path == path)
    #expect(try store.number("PRAGMA user_version") == Schema.version)
    #expect(try store.number("PRAGMA synchronous") == 1)
    let mode = try store.database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    #expect(mode == "wal")
  }

  @Test(arguments: [Store.Mode.existing, .readOnly])
  func `a missing store is not made when an existing one is asked for`(mode: Store.Mode) {
    #expect(throws: StoreError.missing(path: folder.file())) { try folder.open(mode) }
    #expect(!FileManager.default.fileExists(atPath: folder.file()))
  }

  @Test func `a folder in place of the store is named as such`() {
    #expect(throws: StoreError.isDirectory(path: folder.path)) { try Store.open(path: folder.path) }
  }

  @Test(arguments: [Store.Mode.create, .existing, .readOnly])
  func `a file that is no database is left as it is`(mode: Store.Mode) throws {
    let text = String(repeating: "these are my notes\n", count: 500)
    try text.write(toFile: folder.file(), atomically: true, encoding: .utf8)
    #expect(throws: StoreError.notADatabase(path: folder.file())) { try folder.open(mode) }
    #expect(try String(contentsOfFile: folder.file(), encoding: .utf8) == text)
  }

  @Test(arguments: [Store.Mode.create, .existing, .readOnly])
  func `a database of another program is left as it is`(mode: Store.Mode) throws {
    let other = try DatabaseQueue(path: folder.file())
    try other.write { try $0.execute(sql: "CREATE TABLE bookmark (url TEXT)") }
    try other.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    #expect(throws: StoreError.notAStore(path: folder.file())) { try folder.open(mode) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["heapscale.sqlite"])
  }

  @Test func `an empty file becomes a store only when one may be made`() throws {
    #expect(FileManager.default.createFile(atPath: folder.file(), contents: nil))
    #expect(throws: StoreError.notAStore(path: folder.file())) { try folder.open(.existing) }
    #expect(try folder.open(.create).sessions().isEmpty)
  }

  @Test func `a store of a newer schema is refused with both versions, untouched`() throws {
    let store = try folder.open()
    try store.run("PRAGMA user_version = 99")
    try store.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    let expected = StoreError.newerSchema(path: folder.file(), found: 99, supported: Schema.version)
    for mode in [Store.Mode.create, .existing, .readOnly] {
      #expect(throws: expected) { try folder.open(mode) }
    }
    #expect(expected.description.contains("schema version 99"))
    #expect(expected.description.contains("up to \(Schema.version)"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }

  @Test func `a store of an older schema is not changed by reading`() throws {
    let store = try folder.open()
    try store.run("PRAGMA user_version = 0")
    try store.close()
    #expect(throws: StoreError.olderSchema(path: folder.file(), found: 0, supported: Schema.version)) {
      try folder.open(.readOnly)
    }
  }

  @Test func `a folder that cannot be made is named with the reason`() {
    #expect {
      try Store.open(path: "/proc/heapscale/heapscale.sqlite")
    } throws: { error in
      guard case .cannotCreateFolder("/proc/heapscale", let reason) = error as? StoreError else {
        return false
      }
      return !reason.isEmpty
    }
  }

  @Test func `a file in place of the folder is named with the reason`() throws {
    try Data().write(to: URL(fileURLWithPath: folder.file("file")))
    #expect(
      throws: StoreError.cannotCreateFolder(
        folder: folder.file("file"), reason: "a file of this name is in the way")
    ) { try Store.open(path: folder.file("file/heapscale.sqlite")) }
  }

  @Test func `a folder that may not be written is an error before anything is`() async throws {
    let path = folder.path
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
    // Root may write everywhere, so the attempt is made by nobody.
    await #expect(processExitsWith: .success) { [path = path as String] in
      if getuid() == 0 {
        try #require(setgid(65534) == 0)
        try #require(setuid(65534) == 0)
      }
      #expect {
        try Store.open(path: "\(path)/heapscale.sqlite")
      } throws: {
        guard case .unwritable(_, let reason) = $0 as? StoreError else { return false }
        return reason.contains("Permission denied")
      }
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
  }

  @Test func `a store in a folder that may not be written can be read`() async throws {
    let store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
    try store.record(Fixture.trial(block: 0), session: Fixture.session().id)
    try store.close()
    let odd = folder.path + "/read only? 100% #1"
    try FileManager.default.createDirectory(atPath: odd, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: folder.file(), toPath: odd + "/heapscale.sqlite")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: odd + "/heapscale.sqlite")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: odd)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: odd) }
    await #expect(processExitsWith: .success) { [odd = odd as String, id = Fixture.session().id as String] in
      if getuid() == 0 {
        try #require(setgid(65534) == 0)
        try #require(setuid(65534) == 0)
      }
      let opened = try Store.open(path: odd + "/heapscale.sqlite", mode: .readOnly)
      #expect(try opened.trials(session: id).count == 1)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: odd) == ["heapscale.sqlite"])
  }

  @Test func `a damaged store says how to save what can be read`() throws {
    let store = try folder.open()
    try store.insert(session: Fixture.session(), cells: Fixture.cells)
    for block in 0..<50 { try store.record(Fixture.trial(block: block), session: Fixture.session().id) }
    try store.close()
    let handle = try #require(FileHandle(forWritingAtPath: folder.file()))
    let size = try handle.seekToEnd()
    // All pages but the first, which says that this is a store.
    try handle.seek(toOffset: 4096)
    try handle.write(contentsOf: Data(repeating: 0xFF, count: Int(size) - 4096))
    try handle.close()
    let damaged = try folder.open(.existing)
    #expect {
      try damaged.trials(session: Fixture.session().id)
    } throws: { error in
      guard case .corrupt(folder.file(), _) = error as? StoreError else { return false }
      return "\(error)".contains(".recover")
    }
  }

  @Test func `several processes may make the same store at once`() async throws {
    let path = folder.file()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask { try Store.open(path: path).number("PRAGMA user_version") }
      }
      for try await version in group { #expect(version == Schema.version) }
    }
  }

  @Test func `a lock that does not go away is an error that names the file`() throws {
    let holder = try folder.open()
    let waiter = try folder.open()
    try waiter.run("PRAGMA busy_timeout = 1")
    try holder.write { _ in
      _ = #expect(throws: StoreError.busy(path: folder.file())) {
        try waiter.insert(session: Fixture.session(), cells: [])
      }
    }
    try waiter.insert(session: Fixture.session(), cells: [])
  }

  @Test func `a name that looks like a URI is a plain file`() throws {
    let name = folder.file("file:x?mode=memory")
    _ = try Store.open(path: name)
    #expect(FileManager.default.fileExists(atPath: name))
  }
}
