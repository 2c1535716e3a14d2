import Foundation
import GRDB

/// Everything that was ever measured: one SQLite file, by default `Results/heapscale.sqlite`.
///
/// Every trial is one transaction in write-ahead mode with `synchronous = NORMAL`: a killed harness loses
/// nothing that was recorded, and a power cut at most the last trials, never half a trial. Several
/// processes may read and write one store at the same time; a writer waits up to ten seconds for another.
public final class Store: Sendable {
  /// What may happen to the file.
  public enum Mode: Sendable {
    /// Make the file and its folder when they are missing.
    case create
    /// Read and write a store that must exist.
    case existing
    /// Only read a store that must exist.
    case readOnly
  }

  /// The absolute path of the file.
  public let path: String
  let database: DatabaseQueue

  init(path: String, database: DatabaseQueue) {
    self.path = path
    self.database = database
  }

  /// Opens a store, and brings an older one up to the present schema unless it is only read.
  ///
  /// A file that is not a store is left exactly as it is.
  /// Throws: `unwritable`, `cannotCreateFolder`, `isDirectory`, `missing`, `notADatabase`, `notAStore`,
  /// `corrupt`, `diskFull`, `newerSchema`, `olderSchema` or `busy`.
  public static func open(path: String, mode: Mode = .create) throws(StoreError) -> Store {
    // An absolute path also keeps SQLite from reading a name such as `file:x?mode=memory` as a URI.
    let path = URL(fileURLWithPath: path).standardizedFileURL.path
    try StoreFile.check(path, mode: mode)
    let deadline = ContinuousClock.now + lockPatience
    while true {
      do {
        let database = try connect(path, mode: mode)
        try Schema.prepare(database, path: path, mode: mode)
        return Store(path: path, database: database)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        // While another process turns a new file to write-ahead mode, SQLite answers at once, without
        // waiting for the busy time-out: https://www.sqlite.org/c3ref/busy_handler.html
        guard ContinuousClock.now < deadline else { throw Failures.translate(error, path: path) }
        usleep(5000)
      } catch {
        throw Failures.translate(error, path: path)
      }
    }
  }

  /// How long another process may keep the store locked.
  private static let lockPatience = Duration.seconds(10)

  private static func connect(_ path: String, mode: Mode) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "heapscale.store"
    configuration.readonly = mode == .readOnly
    configuration.busyMode = .timeout(lockPatience / .seconds(1))
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
    let place = mode == .readOnly && StoreFile.isFixed(path) ? StoreFile.fixedURI(path) : path
    return try DatabaseQueue(path: place, configuration: configuration)
  }

  /// Closes the file; SQLite folds the write-ahead log into it when nobody else has it open.
  public func close() throws(StoreError) {
    do { try database.close() } catch { throw Failures.translate(error, path: path) }
  }

  /// Runs one transaction that only reads.
  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try database.read(body) } catch { throw Failures.translate(error, path: path) }
  }

  /// Runs one transaction that writes: all of it or nothing.
  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try database.write(body) } catch { throw Failures.translate(error, path: path) }
  }
}
