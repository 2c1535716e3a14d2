import Foundation

/// Which file a store is, so that another one under its name is noticed.
///
/// SQLite goes on writing into a file that was unlinked or replaced, and nobody would find those trials again; a file that
/// was cut short is patched up by the next checkpoint with what is still known of it.
struct StorePlace: Sendable {
  private let device: UInt64
  private let inode: UInt64
  /// The most bytes that the file was seen to have: a store in use never shrinks.
  private var size: Int64

  /// The file that stands at a path; nil when none does.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
  }

  /// What has become of the file: nil while it is the same and whole.
  mutating func loss(at path: String) -> String? {
    guard let now = StorePlace(path: path) else { return "it is gone: somebody deleted or moved it" }
    guard now.device == device, now.inode == inode else { return "another file stands in its place" }
    guard now.size >= size else { return "it was cut from \(size) to \(now.size) bytes" }
    size = now.size
    return nil
  }

  /// Makes an empty file for a new store, private, where none stands.
  static func claim(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
    close(descriptor)
  }
}
