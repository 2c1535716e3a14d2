/// What can go wrong with a store: what happened, to which file or session, and what to do next.
public enum StoreError: Error, Hashable, Sendable {
  /// The folder of the store does not exist and could not be made.
  case cannotCreateFolder(folder: String, reason: String)
  /// The file or its folder may not be written.
  case unwritable(path: String, reason: String)
  /// The path names a folder.
  case isDirectory(path: String)
  /// There is no file, and the mode asks for an existing one.
  case missing(path: String)
  /// The file is not a SQLite database.
  case notADatabase(path: String)
  /// The file is a SQLite database of another program, or empty; it was not touched.
  case notAStore(path: String)
  /// The file is damaged.
  case corrupt(path: String, detail: String)
  /// The file could not grow.
  case diskFull(path: String, detail: String)
  /// A read or write of the file failed.
  case inputOutput(path: String, detail: String)
  /// The file is not any more the one that was opened: deleted, replaced or cut short.
  case displaced(path: String, what: String)
  /// Another process kept the store locked for longer than the time-out.
  case busy(path: String)
  /// The store was written by a later heapscale.
  case newerSchema(path: String, found: Int, supported: Int)
  /// The store needs a migration, and was opened read-only.
  case olderSchema(path: String, found: Int, supported: Int)
  /// The harness that owns the session still runs.
  case sessionRunning(id: String, pid: Int32)
  /// No session has this name; `known` holds the nearest or the last ones.
  case unknownSession(name: String, known: [String])
  /// Several sessions begin with this name.
  case ambiguousSession(name: String, matches: [String])
  /// A session of this name is stored already.
  case sessionExists(id: String)
  /// Two sessions of one name have different plans, so that they cannot be merged.
  case sessionDiffers(id: String)
  /// The session has no such cell.
  case unknownCell(session: String, cellKey: String)
  /// This cell was already measured in this block.
  case duplicateTrial(session: String, cellKey: String, block: Int)
  /// This cell was not measured in this block.
  case unknownTrial(session: String, cellKey: String, block: Int)
  /// Something in the store could be read but not understood.
  case undecodable(what: String, detail: String)
  /// A document to import is not one of ours, or is damaged.
  case badDocument(detail: String)
  /// SQLite reports something that this list does not know.
  case unexpected(path: String, detail: String)
}

extension StoreError: CustomStringConvertible {
  /// One line: what happened, to what; what to do next.
  public var description: String {
    switch self {
    case .cannotCreateFolder, .unwritable, .isDirectory, .missing, .notADatabase, .notAStore, .corrupt,
      .diskFull, .inputOutput, .displaced, .busy, .newerSchema, .olderSchema, .unexpected:
      fileDescription
    default:
      contentDescription
    }
  }

  private var fileDescription: String {
    switch self {
    case .cannotCreateFolder(let folder, let reason):
      "cannot make the folder '\(folder)' for the store: \(reason); choose another place with --store PATH"
    case .unwritable(let path, let reason):
      "the store '\(path)' cannot be written: \(reason); mend the permissions of the file and its folder "
        + "(SQLite writes a -wal file beside it), or choose another place with --store PATH"
    case .isDirectory(let path):
      "the store '\(path)' is a folder; name a file in it, for example '\(path)/heapscale.sqlite'"
    case .missing(let path):
      "there is no store at '\(path)'; `heapscale run` makes one, --store PATH names another"
    case .notADatabase(let path):
      "'\(path)' is not a SQLite database; it was left as it is; name another file with --store PATH"
    case .notAStore(let path):
      "'\(path)' is not a store of heapscale; it was left as it is; name another file with --store PATH"
    case .corrupt(let path, let detail):
      "the store '\(path)' is damaged (\(detail)); copy it, then save what can be read with "
        + "`sqlite3 '\(path)' .recover | sqlite3 recovered.sqlite`"
    case .diskFull(let path, let detail):
      "the store '\(path)' could not grow: the disk or quota is full (\(detail)); what was stored before "
        + "is whole; make room and go on with `heapscale run --resume`"
    case .inputOutput(let path, let detail):
      "reading or writing the store '\(path)' failed (\(detail)); what was stored before is whole; check the "
        + "disk, its quota and the file size limit, then go on with `heapscale run --resume`"
    case .displaced(let path, let what):
      "the store '\(path)' was taken away while it was in use: \(what)"
    case .busy(let path):
      "another process keeps the store '\(path)' locked; wait for it or end it (`fuser '\(path)'` names it)"
    case .newerSchema(let path, let found, let supported):
      "the store '\(path)' has schema version \(found), and this heapscale knows versions up to \(supported); "
        + "update heapscale or name another file with --store PATH"
    case .olderSchema(let path, let found, let supported):
      "the store '\(path)' has schema version \(found) and needs \(supported), but was opened read-only; "
        + "any command that writes, such as `heapscale run`, updates it"
    case .unexpected(let path, let detail): "the store '\(path)': \(detail); please report this"
    default: ""
    }
  }

  private var contentDescription: String {
    switch self {
    case .sessionRunning(let id, let pid):
      "session '\(id)' is still being measured by process \(pid); wait for it, or end it with `kill \(pid)`"
    case .unknownSession(let name, let known) where known.isEmpty:
      "there is no session '\(name)': the store is empty; `heapscale run` makes the first"
    case .unknownSession(let name, let known):
      "there is no session '\(name)'; the nearest or last ones are \(known.joined(separator: ", "))"
    case .ambiguousSession(let name, let matches):
      "several sessions begin with '\(name)': \(matches.joined(separator: ", ")); write more of the name"
    case .sessionExists(let id):
      "session '\(id)' is stored already; go on with it by `heapscale run --resume --session \(id)`"
    case .sessionDiffers(let id):
      "session '\(id)' is here already with another plan, so that its trials cannot be joined; "
        + "delete one of the two"
    case .unknownCell(let session, let cell):
      "session '\(session)' has no cell '\(cell)'; `heapscale show \(session)` lists its cells"
    case .duplicateTrial(let session, let cell, let block):
      "session '\(session)' already holds block \(block) of cell '\(cell)'; the first one is kept"
    case .unknownTrial(let session, let cell, let block):
      "session '\(session)' holds no block \(block) of cell '\(cell)'; `heapscale show \(session)` lists "
        + "what was measured"
    case .undecodable(let what, let detail):
      "\(what) cannot be understood (\(detail)); it was written by another version of heapscale or is damaged"
    case .badDocument(let detail):
      "this is not a whole session exported by heapscale (\(detail)); export it again with `heapscale export`"
    default: ""
    }
  }
}
