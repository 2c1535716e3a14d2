import Foundation

/// Looks at the path before SQLite does, whose own words are `unable to open database file` for everything.
enum StoreFile {
  /// Checks that the path can hold a store in this mode, and makes its folder in mode `create`.
  static func check(_ path: String, mode: Store.Mode) throws(StoreError) {
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw .isDirectory(path: path)
      default: throw .notADatabase(path: path)
      }
      if mode != .readOnly { try requireAccess(path, path: path) }
    } else if mode == .create {
      try makeFolder(of: path)
    } else {
      throw .missing(path: path)
    }
    // Write-ahead mode makes two more files beside the store.
    if mode != .readOnly { try requireAccess(folder(of: path), path: path) }
  }

  /// Whether nobody can change the store while it is read: its folder may not be written, and no log lies beside it.
  ///
  /// SQLite makes a log and an index beside every store in write-ahead mode, also to read it, unless it is told that the file
  /// stays as it is.
  static func isFixed(_ path: String) -> Bool {
    var status = stat()
    let hasLog = stat(path + "-wal", &status) == 0 && status.st_size > 0
    return !hasLog && access(folder(of: path), W_OK) != 0
  }

  /// The name under which SQLite reads a file that nobody changes (https://www.sqlite.org/uri.html).
  static func fixedURI(_ path: String) -> String {
    var components = URLComponents()
    components.scheme = "file"
    components.path = path
    components.queryItems = [URLQueryItem(name: "immutable", value: "1")]
    return components.string ?? path
  }

  private static func requireAccess(_ target: String, path: String) throws(StoreError) {
    guard access(target, W_OK) == 0 else {
      throw .unwritable(path: path, reason: "\(target): \(String(cString: strerror(errno)))")
    }
  }

  private static func makeFolder(of path: String) throws(StoreError) {
    let folder = folder(of: path)
    var status = stat()
    if stat(folder, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .cannotCreateFolder(folder: folder, reason: "a file of this name is in the way")
      }
      return
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey]
      throw .cannotCreateFolder(folder: folder, reason: cause.map { "\($0)" } ?? "\(error)")
    }
  }

  private static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }
}
