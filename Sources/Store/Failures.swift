import Foundation
import GRDB

/// Turns what SQLite reports into errors that a user can act on.
enum Failures {
  /// The error of ours that an error from GRDB stands for; errors of ours pass unchanged.
  static func translate(_ error: any Error, path: String) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError: translate(error, path: path)
    case let error as RowDecodingError:
      .corrupt(path: path, detail: "a column holds what it cannot: \(error)")
    default: .unexpected(path: path, detail: "\(error)")
    }
  }

  private static func translate(_ error: DatabaseError, path: String) -> StoreError {
    let detail = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL: return .diskFull(path: path, detail: detail)
    case .SQLITE_NOTADB: return .notADatabase(path: path)
    case .SQLITE_CORRUPT: return .corrupt(path: path, detail: detail)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
      return isFull(path) ? .diskFull(path: path, detail: detail) : .unwritable(path: path, reason: detail)
    case .SQLITE_IOERR:
      let code = "\(detail), SQLite code \(error.extendedResultCode.rawValue)"
      return isFull(path) ? .diskFull(path: path, detail: code) : .inputOutput(path: path, detail: code)
    default:
      return .unexpected(path: path, detail: "\(detail) (SQLite code \(error.extendedResultCode.rawValue))")
    }
  }

  /// Whether the file system has no room left: SQLite reports some failures of growing (the shared-memory
  /// index, a new -wal file) as plain input/output errors.
  private static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    let folder = (path as NSString).deletingLastPathComponent
    guard statvfs(folder, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 65536
  }
}
