import Glibc

/// Folders of small files, as sysfs has them.
enum FolderListing {
  /// Names in a folder; nil when it cannot be read.
  static func names(_ path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var result: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { result.append(name) }
    }
    return result
  }

  /// The first line of a file; nil when it cannot be read.
  static func line(_ path: String) -> String? {
    ProcText.read(path).map { String($0.prefix { $0 != "\n" }) }
  }

  /// The first line of each file in a folder; empty when there is none.
  static func lines(_ path: String) -> [String: String] {
    var result: [String: String] = [:]
    for name in names(path) ?? [] { result[name] = line("\(path)/\(name)") }
    return result
  }
}
