/// Which Debian package a file comes from; nothing on systems without dpkg.
enum DebianPackages {
  /// `package version` of each path that a package owns.
  static func owners(of paths: [String]) async -> [String: String] {
    let lookups = paths.flatMap { path in spellings(of: path).map { (path, $0) } }
    guard !lookups.isEmpty,
      let found = try? await ToolRunner.run(["dpkg-query", "-S"] + lookups.map(\.1), errors: false)
    else { return [:] }
    let packages = parseSearch(found.text)
    let names = Set(packages.values)
    guard !names.isEmpty, let versions = await versions(of: names.sorted()) else { return [:] }
    var result: [String: String] = [:]
    for (path, spelling) in lookups {
      if let name = packages[spelling], let version = versions[name] {
        result[path] = "\(name) \(version)"
      }
    }
    return result
  }

  /// Installed versions of packages; nil without dpkg.
  static func versions(of names: [String]) async -> [String: String]? {
    let format = "${binary:Package}\t${Package}\t${db:Status-Status}\t${Version}\n"
    guard
      let output = try? await ToolRunner.run(
        ["dpkg-query", "-W", "-f", format, "--"] + names, errors: false)
    else { return nil }
    var result: [String: String] = [:]
    for line in output.text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, fields[2] == "installed" else { continue }
      result[fields[0]] = fields[3]
      result[fields[1]] = fields[3]
    }
    return result
  }

  /// Debian 12 still lists files of merged /usr under /lib, wherever the link is followed to.
  private static func spellings(of path: String) -> [String] {
    let resolved = Files.resolved(path)
    var names = path == resolved ? [path] : [path, resolved]
    for name in names {
      if name.hasPrefix("/usr/lib") { names.append(String(name.dropFirst("/usr".count))) }
      if name.hasPrefix("/lib") { names.append("/usr" + name) }
    }
    return names
  }

  /// Lines of `package:arch: /path`, or `package: /path`.
  static func parseSearch(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("diversion") {
      guard let separator = line.range(of: ": ") else { continue }
      let names = line[..<separator.lowerBound].split(separator: ",")
      if let first = names.first { result[String(line[separator.upperBound...])] = String(first) }
    }
    return result
  }
}
