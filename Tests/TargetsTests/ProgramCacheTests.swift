import Foundation
import Glibc
import Testing

@testable import Targets

/// What stands in the cache is run: it has to be what was put there, by this user.
@Suite struct ProgramCacheTests {
  /// Makes the program in a cache, or finds it made; counts how often it was made.
  private func program(_ cache: String, made: inout Int, digests: FileDigests = FileDigests()) async throws
    -> String
  {
    let place = ProgramCache(cache: cache, name: "tool@test", key: "0123456789abcdef")
    var count = made
    let path = try await place.program(receipt: "by hand", digests: digests) {
      (folder) throws(TargetsError) in
      count += 1
      try Files.write("#!/bin/sh\necho whole\n", to: folder + "/tool", executable: true)
    }
    made = count
    return path
  }

  @Test func `a program is made once, and again when it is damaged or its record is gone`() async throws {
    try await Workspace.temporary { folder in
      let cache = folder + "/cache"
      var made = 0
      let path = try await program(cache, made: &made)
      #expect(try await program(cache, made: &made) == path)
      #expect(made == 1)
      try Files.write("#!/bin/sh\necho other\n", to: path, executable: true)
      #expect(try await program(cache, made: &made) == path)
      #expect(made == 2)
      #expect(try Files.text(path).contains("whole"))
      Files.remove(parentFolder(path) + "/sha256")
      #expect(try await program(cache, made: &made) == path)
      #expect(made == 3)
    }
  }

  @Test func `nobody else may write into the cache, whatever the mask of new files says`() async throws {
    try await Workspace.temporary { folder in
      var made = 0
      let path = try await program(folder + "/cache", made: &made)
      var status = stat()
      for (part, mode) in [(folder + "/cache", 0o755), (parentFolder(path), 0o755)] as [(String, mode_t)] {
        #expect(lstat(part, &status) == 0 && status.st_mode & 0o777 == mode, "\(part)")
      }
    }
  }

  @Test func `a link, a folder that others may write, and another user's program are refused`() async throws {
    try await Workspace.temporary { folder in
      let cache = folder + "/cache"
      var made = 0
      let path = try await program(cache, made: &made)
      let place = parentFolder(path)
      chmod(place, 0o777)
      await #expect(throws: TargetsError.self) { try await program(cache, made: &made) }
      chmod(place, 0o755)
      if chown(path, 65_534, 65_534) == 0 {
        await #expect(throws: TargetsError.self) { try await program(cache, made: &made) }
      }
      Files.remove(path)
      symlink("/bin/sh", path)
      await #expect(throws: TargetsError.self) { try await program(cache, made: &made) }
      #expect(made == 1)
    }
  }
}
