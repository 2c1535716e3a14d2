import Foundation
import Glibc
import Model
import Testing

/// Folders of one process, and of those that were killed.
@Suite struct PrivateFolderTests {
  private func parent(_ body: (String) throws -> Void) throws {
    let folder = try PrivateFolder(kind: "test")
    defer { folder.remove() }
    try body(folder.path)
  }

  private func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test func `only its user may enter it`() throws {
    try parent { place in
      let folder = try PrivateFolder(in: place, prefix: "a-")
      var status = stat()
      #expect(lstat(folder.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
      folder.remove()
      #expect(names(place).isEmpty)
    }
  }

  @Test func `what a killed process has left is removed, through no link, and nothing else`() throws {
    try parent { place in
      // Process 1 lives, but did not start at tick 18446744073709551615; the others are no process at all.
      for name in ["a-1-18446744073709551615-aaaaaa", "a-999999999-5-bbbbbb"] {
        try FileManager.default.createDirectory(
          atPath: "\(place)/\(name)/inner", withIntermediateDirectories: true)
      }
      try FileManager.default.createDirectory(atPath: "\(place)/kept", withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: "\(place)/kept/file"))
      symlink("\(place)/kept", "\(place)/a-999999998-5-cccccc")
      symlink("\(place)/kept", "\(place)/a-999999999-5-bbbbbb/inner/link")
      for name in ["a-notes", "b-999999999-5-dddddd", "a-999999999-5-two-words"] {
        try FileManager.default.createDirectory(atPath: "\(place)/\(name)", withIntermediateDirectories: true)
      }
      let own = try PrivateFolder(in: place, prefix: "a-")
      let again = try PrivateFolder(in: place, prefix: "a-")
      let left = names(place).filter { ![own.path, again.path].contains("\(place)/\($0)") }
      #expect(
        left == [
          "a-999999998-5-cccccc", "a-999999999-5-two-words", "a-notes", "b-999999999-5-dddddd", "kept",
        ])
      #expect(names(place + "/kept") == ["file"])
      #expect(names(place).count == left.count + 2, "one that its owner still uses stays")
    }
  }

  @Test func `a folder that somebody holds stays, though nobody here has its number`() throws {
    try parent { place in
      let path = "\(place)/a-999999999-5-aaaaaa"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let holder = open(path, O_RDONLY | O_DIRECTORY)
      #expect(flock(holder, LOCK_EX) == 0)
      _ = try PrivateFolder(in: place, prefix: "a-")
      #expect(names(place).contains("a-999999999-5-aaaaaa"))
      close(holder)
      _ = try PrivateFolder(in: place, prefix: "a-")
      #expect(!names(place).contains("a-999999999-5-aaaaaa"))
    }
  }

  @Test func `a place that cannot be written to is named`() {
    let failure = #expect(throws: PrivateFolder.Failure.self) {
      try PrivateFolder(in: "/nonexistent", prefix: "a-")
    }
    #expect(failure?.place == "/nonexistent" && failure?.errno == ENOENT)
  }
}
