import Foundation
import Model

/// Reads what audited programs and the dynamic linker print. Pure.
enum AuditTexts {
  /// What the probe's lines begin with.
  static let probeMark = "heapscale-probe\t"

  /// Sorts a program's output into the probe's answers and everything else.
  static func readings(_ output: String) -> AuditReadings {
    var readings = AuditReadings()
    var rest: [Substring] = []
    for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
      // Another line may have been begun before it: the mark stands anywhere.
      guard let mark = line.firstRange(of: probeMark) else {
        rest.append(line)
        continue
      }
      if mark.lowerBound > line.startIndex { rest.append(line[..<mark.lowerBound]) }
      let fields = line[mark.upperBound...].split(
        separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let request = readBack(of: String(fields[0]))
      if fields[1] == "ok" {
        readings.answers[request] = String(fields[2])
      } else {
        readings.reasons[request] = String(fields[2])
      }
    }
    readings.output = rest.joined(separator: "\n")
    return readings
  }

  /// The answers in a program's output, in their order, requests as they were made.
  static func lines(_ output: String) -> [(request: String, value: String)] {
    output.split(separator: "\n").compactMap { line in
      guard let mark = line.firstRange(of: probeMark) else { return nil }
      let fields = line[mark.upperBound...].split(
        separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
      return fields.count == 3 && fields[1] == "ok" ? (String(fields[0]), String(fields[2])) : nil
    }
  }

  /// A behavioural request carries the asked number behind its name; the read-back does not.
  private static func readBack(of request: String) -> String {
    let words = request.split(separator: " ")
    return words.first == "probe" ? words.prefix(2).joined(separator: " ") : request
  }

  /// Values by name of the lines `glibc.malloc.check: 0 (min: 0, max: 3)` of ld.so(8), `--list-tunables`.
  static func tunables(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstRange(of: ": ") else { continue }
      let value = line[colon.upperBound...].split(separator: " ", maxSplits: 1).first ?? ""
      result[String(line[..<colon.lowerBound])] = String(value)
    }
    return result
  }

  /// Answers to `mallctl opt.*` from jemalloc's statistics as JSON, which stand somewhere in a program's output.
  static func jemallocOptions(_ output: String) -> [String: String] {
    guard let start = output.utf8.firstRange(of: Array("{\"jemalloc\":".utf8))?.lowerBound,
      let object = firstObject(output.utf8[start...]),
      let top = (try? JSONSerialization.jsonObject(with: Data(object))) as? [String: Any],
      let statistics = top["jemalloc"] as? [String: Any]
    else { return [:] }
    var result: [String: String] = [:]
    for group in ["opt", "arenas"] {
      for (name, value) in statistics[group] as? [String: Any] ?? [:] {
        switch value {
        case let number as NSNumber where CFBoolean.isBoolean(number):
          result["mallctl \(group).\(name)"] = "\(number.boolValue)"
        case let number as NSNumber: result["mallctl \(group).\(name)"] = number.stringValue
        case let text as String: result["mallctl \(group).\(name)"] = text
        default: break
        }
      }
    }
    return result
  }

  /// The first object: from its brace to the one that closes it.
  private static func firstObject(_ bytes: Substring.UTF8View) -> [UInt8]? {
    var depth = 0
    var isText = false
    var isEscaped = false
    for index in bytes.indices {
      switch bytes[index] {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\"): isEscaped = isText
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "{") where !isText: depth += 1
      case UInt8(ascii: "}") where !isText:
        depth -= 1
        if depth == 0 { return Array(bytes[...index]) }
      default: break
      }
    }
    return nil
  }
}

/// Foundation turns JSON's true and 1 into the same class; only the type's code tells them apart.
private enum CFBoolean {
  static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
