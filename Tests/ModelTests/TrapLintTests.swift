import Foundation
import Testing

/// Conversions and arithmetic that end the process when a number is not what was expected.
///
/// Numbers from targets, files, flags, stores, kernels and clocks are taken with checked conversions, and offsets of files with
/// wrapping arithmetic before a bounds check. A line that cannot trap for another reason says it: `// fits: REASON`.
private let sources = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Sources").standardizedFileURL

/// Folders whose code reads what others have written.
private let readers = [
  "Probes/Counting", "Probes/Events", "Probes/Identity", "Probes/Profiling", "Probes/Sampling",
  "Probes/Simulation", "Probes/Stacks", "Probes/Tree", "Profiles", "Store", "Targets/ELF",
]

/// Folders whose numbers are offsets and addresses that a file states.
private let mapped = ["Probes/Identity", "Probes/Stacks"]

private struct Line {
  var place: String
  var code: String
  var folder: String

  func isIn(_ folders: [String]) -> Bool { folders.contains { folder == $0 || folder.hasPrefix($0 + "/") } }
}

/// All lines of code, without comments and without what stands in texts.
private let lines: [Line] = {
  var result: [Line] = []
  let files = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
  for file in files.sorted() where file.hasSuffix(".swift") && !file.hasSuffix(".pb.swift") {
    let text = (try? String(contentsOf: sources.appending(path: file), encoding: .utf8)) ?? ""
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard !line.contains("// fits: ") else { continue }
      let plain = line.contains("\"") ? line.replacing(/"(?:\\.|[^"\\])*"/, with: "TEXT") : line
      let code = plain.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
      result.append(Line(place: "Sources/\(file):\(index + 1)", code: String(code), folder: folder))
    }
  }
  return result
}()

private func isTrappingConversion(_ code: String) -> Bool {
  let conversion =
    /(?:^|[^.\w])U?Int(?:8|16|32)?\((?!\s*(?:exactly|clamping|truncatingIfNeeded|bitPattern|littleEndian|bigEndian|ascii|nearest)\b)/
  // Made of text it is optional; constants, sizes and counts of collections always fit.
  let harmless =
    /^(?:\d[\d_]*|0x[0-9A-Fa-f_]+|_?[A-Z][A-Z0-9_]+(?:\.rawValue)?|MemoryLayout<.*>\.\w+|\w+(?:\.\w+)*\.count|\$0|UInt32\.max|sysconf\(.*|.*radix: .*)\)/
  let optional = /(?:if|guard) (?:var|let) |, let |\?\?|(?:compact|flat)Map/
  guard code.contains("Int"), !code.contains(optional) else { return false }
  return code.matches(of: conversion).contains { !code[$0.range.upperBound...].contains(harmless) }
}

private func isTrappingDouble(_ code: String) -> Bool {
  code.contains("Int")
    && code.contains(/(?:^|[^.\w])U?Int(?:8|16|32|64)?\([^:]*(?:\.rounded\(|Double\()/)
}

private func isTrappingArithmetic(_ code: String) -> Bool {
  let stated = /(?:[\w.]*(?:[oO]ffset|[aA]ddress|[pP]lace|[tT]able|names|values|functions))/
  guard code.contains(" + ") || code.contains(" * ") || code.contains("= "), !code.contains("TEXT"),
    !code.contains(".map")
  else { return false }
  let before = code.matches(of: #/([\w.]+) (?:\+|\*|\+=|\*=) /#).contains {
    $0.1.wholeMatch(of: stated) != nil
  }
  let after = code.matches(of: #/ (?:\+|\*|\+=|\*=) ([\w.]+)/#).contains {
    $0.1.wholeMatch(of: stated) != nil
  }
  return before || after
}

@Test func `nothing is unwrapped, tried or cast by force`() {
  for line in lines where line.code.contains("!") && line.code.contains(/[\w\])]!(?:[^=]|$)|\btry!|\bas!/) {
    Issue.record("\(line.place): take the value with guard or ??:\(line.code)")
  }
}

@Test func `figures become integers without a trap`() {
  for line in lines where isTrappingDouble(line.code) {
    Issue.record("\(line.place): write Int(nearest: …), which clamps:\(line.code)")
  }
}

@Test func `numbers that others wrote are converted without a trap`() {
  let all = lines.filter { $0.isIn(readers) }
  #expect(all.count > 5000)
  for line in all where isTrappingConversion(line.code) {
    Issue.record(
      "\(line.place): write exactly:, clamping: or truncatingIfNeeded:, or // fits: REASON:\(line.code)")
  }
}

@Test func `offsets and addresses that a file states are added without a trap`() {
  for line in lines where line.isIn(mapped) && isTrappingArithmetic(line.code) {
    Issue.record("\(line.place): write &+ or &* before the bounds check, or // fits: REASON:\(line.code)")
  }
}

@Test func `the lint finds what traps`() {
  #expect(isTrappingConversion("    let length = Int(header.size)"))
  #expect(isTrappingConversion("let x = UInt32(a - b)"))
  #expect(!isTrappingConversion("let x = UInt32(clamping: a - b)"))
  #expect(!isTrappingConversion("let x = UInt32(list.count)"))
  #expect(!isTrappingConversion("guard let x = Int(words[0]) else { return nil }"))
  #expect(isTrappingDouble("return Int64((value * scale).rounded())"))
  #expect(!isTrappingDouble("return Int64(nearest: value * scale)"))
  #expect(isTrappingArithmetic("let place = symbols.fileOffset + index * 24"))
  #expect(!isTrappingArithmetic("let place = symbols.fileOffset &+ index &* 24"))
}
