/// Derives where source packages are from where the machine gets its binary packages.
///
/// Reads both formats of sources.list(5) and writes deb822 stanzas of type `deb-src`, so that options and keys
/// that the machine's own entries carry stay in force.
enum AptSources {
  /// One entry: fields of deb822 with their names in lower case.
  struct Entry: Hashable {
    var fields: [(name: String, value: String)]

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    static func == (left: Entry, right: Entry) -> Bool {
      left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
      for field in fields {
        hasher.combine(field.name)
        hasher.combine(field.value)
      }
    }
  }

  /// Stanzas for the distribution's own suites among the entries; empty when there is none. Other vendors'
  /// entries are left out: they rarely have sources, and an index that is missing fails the whole update.
  static func sourceStanzas(_ entries: [Entry], codename: String) -> String {
    let wanted = [codename, "\(codename)-updates", "\(codename)-security", "\(codename)/updates"]
    var stanzas: [String] = []
    for entry in entries where entry["enabled"]?.lowercased() != "no" {
      let suites = words(entry["suites"]).filter(wanted.contains)
      guard !suites.isEmpty, words(entry["components"]).contains("main"), let uris = entry["uris"] else {
        continue
      }
      var lines = ["Types: deb-src", "URIs: \(uris)", "Suites: \(suites.joined(separator: " "))"]
      lines.append("Components: \(words(entry["components"]).joined(separator: " "))")
      for field in entry.fields where !replaced.contains(field.name) {
        lines.append("\(field.name): \(field.value)")
      }
      let stanza = lines.joined(separator: "\n")
      if !stanzas.contains(stanza) { stanzas.append(stanza) }
    }
    return stanzas.map { $0 + "\n" }.joined(separator: "\n")
  }

  private static let replaced = ["types", "uris", "suites", "components", "enabled", "architectures"]

  private static func words(_ text: String?) -> [String] {
    (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// Entries of a `.list` file: `deb [option=value …] URI suite component…`.
  static func parseOneLine(_ text: String) -> [Entry] {
    text.split(separator: "\n").compactMap { line in
      var rest = line.prefix { $0 != "#" }.trimmingPrefix(while: \.isWhitespace)
      guard rest.hasPrefix("deb ") || rest.hasPrefix("deb\t") || rest.hasPrefix("deb[") else { return nil }
      rest = rest.dropFirst(3).trimmingPrefix(while: \.isWhitespace)
      var fields: [(name: String, value: String)] = []
      if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
        fields = options(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
      }
      let parts = words(String(rest))
      guard parts.count >= 3 else { return nil }
      fields.append(("uris", parts[0]))
      fields.append(("suites", parts[1]))
      fields.append(("components", parts[2...].joined(separator: " ")))
      return Entry(fields: fields)
    }
  }

  private static func options(_ text: Substring) -> [(name: String, value: String)] {
    words(String(text)).compactMap { option in
      guard let equals = option.firstIndex(of: "=") else { return nil }
      let name = option[..<equals].lowercased()
      let value = String(option[option.index(after: equals)...]).replacing(",", with: " ")
      return name == "arch" ? nil : (name, value)
    }
  }

  /// Entries of a `.sources` file: stanzas of `Name: value`, where a line that begins with a blank goes on.
  static func parseStanzas(_ text: String) -> [Entry] {
    var entries: [Entry] = []
    var fields: [(name: String, value: String)] = []
    func finish() {
      let entry = Entry(fields: fields)
      if words(entry["types"]).contains("deb") || words(entry["types"]).contains("deb-src") {
        entries.append(entry)
      }
      fields = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("#") {
      if line.allSatisfy(\.isWhitespace) {
        finish()
      } else if line.first?.isWhitespace == true, !fields.isEmpty {
        fields[fields.count - 1].value += "\n" + line
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...].trimmingPrefix(while: \.isWhitespace)
        fields.append((line[..<colon].lowercased(), String(value)))
      }
    }
    finish()
    return entries
  }

  /// All entries of this machine.
  static func ofThisMachine() -> [Entry] {
    let parts = Files.names(in: "/etc/apt/sources.list.d").map { "/etc/apt/sources.list.d/\($0)" }
    return (["/etc/apt/sources.list"] + parts).flatMap { path in
      guard let text = try? Files.text(path) else { return [Entry]() }
      if path.hasSuffix(".sources") { return parseStanzas(text) }
      return path.hasSuffix(".list") ? parseOneLine(text) : []
    }
  }

  /// The release's code name (os-release(5)), e.g. `bookworm`.
  static func codename() -> String? {
    guard let text = try? Files.text("/etc/os-release") else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("VERSION_CODENAME=") {
      return line.dropFirst("VERSION_CODENAME=".count).filter { $0 != "\"" }
    }
    return nil
  }
}
