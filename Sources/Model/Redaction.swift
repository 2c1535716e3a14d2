import Foundation
import Synchronization

/// What is left out of a report that leaves the machine: names of host and user, folders, values that look secret.
///
/// A text keeps its meaning: the last part of a path stays, different folders stay different (`…/prog`, `…2/prog`), and folders
/// that every system has stay whole. What a program prints, or takes under a name that tells nothing, is not known to be secret.
public final class Redaction: Sendable {
  private let names: [(name: String, stands: String)]
  private let home: String
  private struct Known {
    var folders: [String: Int] = [:]
    var texts: [String: String] = [:]
    var secrets: Set<String> = []
  }
  private let known = Mutex(Known())

  /// Leaves out these names; `home` is the user's own folder.
  public init(host: String, user: String, home: String) {
    // A name that everybody has, or that is too short to be told from a word, says nothing.
    let common: Set<String> = ["root", "nobody", "localhost", "user", "host", "debian", "ubuntu", "linux"]
    names = [(host, "(host)"), (user, "(user)")].filter { $0.0.utf8.count > 2 && !common.contains($0.0) }
    self.home = home.count > 1 ? home : "/root"
  }

  /// A text without what is left out.
  public func text(_ text: String) -> String {
    if let before = known.withLock({ $0.texts[text] }) { return before }
    var result = withoutSecrets(text)
    for secret in known.withLock({ $0.secrets }) where result.contains(secret) {
      result = result.replacing(secret, with: Self.left)
    }
    result = withoutFolders(result)
    for (name, stands) in names { result = Self.replacing(name, in: result, by: stands) }
    known.withLock { $0.texts[text] = result }
    return result
  }

  /// The same with every text in a value, and in the values in it; `exact` texts become others as a whole.
  ///
  /// Throws: `EncodingError` or `DecodingError`, for a type that does not come back from its own JSON.
  public func value<T: Codable>(_ value: T) throws -> T {
    let json = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    return try JSONDecoder().decode(T.self, from: Data(self.json(json).utf8))
  }

  /// The same with every text in a JSON document; numbers, keys and all else stay byte for byte.
  public func json(_ json: String, exact: [String: String] = [:]) -> String {
    var result: [UInt8] = []
    let bytes = Array(json.utf8)
    result.reserveCapacity(bytes.count)
    var key = ""
    var before = ""
    var name = ""
    var place = 0
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "\"") else {
        result.append(bytes[place])
        place += 1
        continue
      }
      var end = place + 1
      while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
        end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
      }
      end = min(end + 1, bytes.count)
      let literal = Array(bytes[place..<end])
      let text =
        (try? JSONDecoder().decode([String].self, from: Data([0x5B] + literal + [0x5D])))?.first ?? ""
      let isKey = bytes[end...].first { $0 != 0x20 && $0 != 0x0A } == UInt8(ascii: ":")
      let isValue = key == "value" && Self.looksSecret(name)
      let isArgument = before.hasPrefix("-") && !before.contains("=") && Self.looksSecret(before)
      let isSecret = Self.looksSecret(key) || isValue || isArgument
      if isSecret, !isKey { remember(text) }
      let changed = isKey ? text : exact[text] ?? (isSecret ? Self.left : self.text(text))
      result += changed == text ? literal : Array(Self.literal(changed).utf8)
      if key == "name", !isKey { name = text }
      if isKey { key = text } else { before = text }
      if !isKey { key = "" }
      place = end
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let left = "(redacted)"

  /// What is left out, for whoever reads a report.
  public static let summary =
    "host and user, folders outside the system's, values of variables and options whose names look secret"

  private static func literal(_ text: String) -> String {
    let array = (try? JSONEncoder().encode([text])).map { String(decoding: $0, as: UTF8.self) } ?? "[\"\"]"
    return String(array.dropFirst().dropLast())
  }

  private static let words: Set<Substring> = [
    "token", "secret", "secrets", "password", "passwd", "passphrase", "pass", "key", "apikey", "keys",
    "credential",
    "credentials", "auth", "authorization", "cookie", "private", "dsn", "jwt", "bearer", "pgpassword",
  ]

  /// Whether a variable or an option of this name is likely to hold what nobody else may know.
  public static func looksSecret(_ name: String) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    // Alone these are the names of other things.
    if parts.count == 1, ["key", "keys", "pass", "private"].contains(parts[0]) { return false }
    return parts.contains { part in
      words.contains(part) || ["password", "token", "secret"].contains { part.hasSuffix($0) }
    }
  }

  /// `NAME=value`, `--name value` and the user's name and password in a URL.
  private func withoutSecrets(_ text: String) -> String {
    let plain = text.replacing(#/://[^\/\s@"']+@/#) { _ in "://\(Self.left)@" }
    var result = ""
    var rest = plain[...]
    while let sign = rest.firstIndex(where: { $0 == "=" || $0 == " " }) {
      let next = rest.index(after: sign)
      let name = String(
        rest[..<sign].reversed().prefix { $0.isLetter || $0.isNumber || "_.-".contains($0) }.reversed())
      result += rest[..<next]
      let value = Self.value(at: rest[next...])
      // Of words apart from each other only an option and its value belong together.
      if Self.looksSecret(name), !value.isEmpty, rest[sign] == "=" || name.hasPrefix("-") {
        remember(value.trimmingCharacters(in: ["'", "\""]))
        result += Self.left
        rest = rest[value.endIndex...]
      } else {
        rest = rest[next...]
      }
    }
    return result + rest
  }

  /// What a value may be: in quotes, or up to the next blank or sign that ends an argument.
  private static func value(at rest: Substring) -> Substring {
    if let quote = rest.first, quote == "'" || quote == "\"", let end = rest.dropFirst().firstIndex(of: quote)
    {
      return rest[...end]
    }
    if rest.hasPrefix(left) { return rest.prefix(left.count) }
    return rest.prefix { !$0.isWhitespace && !"\"'&|,;<>()".contains($0) }
  }

  /// The same value may stand elsewhere without its name.
  private func remember(_ secret: String) {
    guard secret.utf8.count > 3, secret != Self.left else { return }
    known.withLock { known in
      if known.secrets.insert(secret).inserted { known.texts = [:] }
    }
  }

  private static let shared = ["usr", "lib", "lib64", "bin", "sbin", "etc", "proc", "sys", "dev"]

  private func withoutFolders(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "/")) else { return text }
    return text.replacing(#/(^|[\s"'=:,(\[<|])(/[^\s"'<>:;,()|\]]*)/#) { match in
      let (_, lead, path) = match.output
      return lead + shortened(String(path))
    }
  }

  private func shortened(_ path: String) -> String {
    let parts = path.split(separator: "/")
    guard let first = parts.first, let last = parts.last, !path.hasPrefix("//") else { return path }
    if path == home || path == home + "/" || first == "root" && parts.count == 1 { return "~" }
    if first == "home" && parts.count == 2 { return "~" }
    guard !Self.shared.contains(String(first)), parts.count > 1 else { return path }
    let folder = parts.dropLast().joined(separator: "/")
    let number = known.withLock { known in
      if let number = known.folders[folder] { return number }
      let number = known.folders.count + 1
      known.folders[folder] = number
      return number
    }
    return "…\(number > 1 ? String(number) : "")/\(last)"
  }

  /// Replaces a name where it stands for itself: between what is no letter and no digit.
  private static func replacing(_ name: String, in text: String, by stands: String) -> String {
    guard text.contains(name) else { return text }
    var result = ""
    var rest = text[...]
    while let range = rest.range(of: name) {
      let before = rest[..<range.lowerBound].last ?? result.last
      let after = rest[range.upperBound...].first
      let isWord = [before, after].allSatisfy { $0.map { !$0.isLetter && !$0.isNumber } ?? true }
      result += rest[..<range.lowerBound] + (isWord ? stands : name)
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
