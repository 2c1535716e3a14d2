import Foundation
import Model

@testable import Profiles

/// Profiles that several tests use.
enum Sample {
  static let hostileNames = [
    "<script>alert('x')</script>", "a;b", "line\nbreak", "\u{1b}[2J\u{7}", "safe\u{202e}txt.exe",
    "\"quoted\" \\", "",
    "漢字🙂", "=cmd|' /C calc'!A0", "\u{0}",
  ]

  static let columns = [
    StackProfile.Column(
      name: "resident", unit: .bytes, provenance: .sampled, explanation: "bytes made resident by faults"),
    StackProfile.Column(name: "faults", unit: .count, provenance: .counted, explanation: "page faults"),
  ]

  /// Three call sites, one of them inside the allocator.
  static let small: StackProfile = {
    let main = Frame(function: "main", object: "/usr/bin/app", sourceFile: "app.c", line: 40)
    let touch = Frame(function: "touch_all", object: "/usr/bin/app", sourceFile: "app.c", line: 12)
    let inner = Frame(function: "_int_malloc", object: "/lib/libc.so.6", role: .allocator)
    let outer = Frame(function: "malloc", object: "/lib/libc.so.6", role: .allocator)
    var builder = StackProfileBuilder(title: "resident bytes by call site", columns: columns)
    builder.add([touch, main], values: [65_536, 16])
    builder.add([inner, outer, main], values: [8192, 2])
    builder.add([inner, outer, touch, main], values: [4096, 1])
    return builder.finished(
      quality: .init(samples: 19, lost: 1, complete: 19, period: 1), notes: ["one sample was lost"])
  }()

  /// Every name tries to do harm.
  static let hostile: StackProfile = {
    var builder = StackProfileBuilder(title: hostileNames[0] + hostileNames[3], columns: columns)
    for (index, name) in hostileNames.enumerated() {
      let frame = Frame(function: name, object: "/tmp/\(name)", sourceFile: name, line: index)
      builder.add([frame, small.frames[1]], values: [Double(4096 * (index + 1)), 1])
    }
    return builder.finished(notes: hostileNames)
  }()

  /// The bytes of a recorded file.
  /// heapscale's own file of a result with this growth.
  static func file(_ growth: StackProfile) throws(ProfilesError) -> String {
    var result = ProfileResult(
      title: "sample", command: ["sample"], cell: nil, startedAt: 0, host: [], version: "1", commandLine: [])
    result.growth = growth
    return try ProfileResultFile.text(result, functions: FunctionTable(title: "", columns: [], rows: []))
  }

  static func recorded(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recorded")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }
}
