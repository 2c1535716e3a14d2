import Experiments
import Foundation
import Model
import Profiles
import Reports
import Targets

/// Profiles that were written earlier, by heapscale or by programs: nothing runs.
struct ProfileFiles {
  let catalogue: Catalogue

  /// All files as one result: one of ours as it is, everything else as profiles side by side.
  ///
  /// Throws: `InputError` and `ProfilesError` for a file that cannot be read.
  func show(_ paths: [String]) throws -> ProfileResult {
    let files = try paths.map { try ProfileFile($0) }
    if files.count == 1, files[0].isResult {
      return try ProfileResultFile.read(files[0].bytes, file: files[0].path)
    }
    var result = begin(title: paths.joined(separator: ", "), files)
    for file in files {
      guard file.isResult else {
        result.heaps.append(try HeapProfiles.read(file, catalogue: catalogue))
        continue
      }
      let saved = try ProfileResultFile.read(file.bytes, file: file.path)
      for var profile in [saved.growth, saved.accesses].compactMap(\.self) + saved.heaps {
        profile.title = "\(file.name): \(profile.title)"
        result.heaps.append(profile)
      }
    }
    return result
  }

  /// What changed from one file to another.
  ///
  /// Throws: `InputError` and `ProfilesError` for files that cannot be read or have nothing in common. `folding` is
  /// applied to both sides first.
  func difference(_ before: String, _ after: String, folding: FrameFolding) throws -> ProfileResult {
    let files = [try ProfileFile(before), try ProfileFile(after)]
    let sides = try files.map { file in
      file.isResult
        ? try ProfileResultFile.read(file.bytes, file: file.path)
        : try {
          var result = begin(title: file.path, [file])
          result.heaps = [try HeapProfiles.read(file, catalogue: catalogue)]
          return result
        }()
    }.map { folding.apply(to: $0) }
    var result = begin(title: "\(after) against \(before)", files)
    let names = files[0].name == files[1].name ? [before, after] : files.map(\.name)
    let words = "from \(names[0]) to \(names[1])"
    result.accesses = try difference(
      sides[0].accesses, sides[1].accesses, "change of loads and stores by call site \(words)")
    let growth = try difference(
      sides[0].growth, sides[1].growth, "change of resident bytes by call site \(words)")
    let merged = sides.map { ProfileMerge.merged($0.heaps, title: "") }
    let heaps = try difference(merged[0], merged[1], "change by call site \(words)")
    result.heaps = [growth, heaps].compactMap(\.self)
    guard result.accesses != nil || !result.heaps.isEmpty else {
      throw InputError(
        "\(before) and \(after) have no kind of profile in common",
        hint: "name two of one kind, e.g. two heap profiles")
    }
    return result
  }

  private func difference(_ before: StackProfile?, _ after: StackProfile?, _ title: String) throws
    -> StackProfile?
  {
    guard let before, let after else { return nil }
    return try ProfileDifference.between(before, after, title: title)
  }

  private func begin(title: String, _ files: [ProfileFile]) -> ProfileResult {
    let written = files.compactMap(\.writtenAt).max() ?? Date().timeIntervalSince1970
    return ProfileResult(
      title: title, command: [], cell: nil, startedAt: written, host: [], version: Version.text,
      commandLine: ByteText.arguments)
  }
}

extension FrameFolding {
  /// A result with these functions inside the allocator. Simulated loads and stores are sums that stay.
  func apply(to result: ProfileResult) -> ProfileResult {
    guard !isEmpty else { return result }
    var folded = result
    folded.growth = result.growth.map { apply(to: $0) }
    folded.accesses = result.accesses.map { apply(to: $0) }
    folded.heaps = result.heaps.map { apply(to: $0) }
    return folded
  }
}
