import Foundation
import GRDB
import Model

/// What could be saved of a session whose store was taken away.
public struct Rescue: Hashable, Sendable {
  /// The new store.
  public let path: String
  /// Trials in it.
  public let trials: Int
}

extension Store {
  /// Writes a session into a new store beside this one: what can still be read of this store, and the trials in memory.
  ///
  /// A file that was unlinked or replaced can be read as long as it is open. Where the folder cannot be written,
  /// the folder for temporary files takes the new store. Throws: the error of the last attempt.
  public func rescue(session: Session, cells: [Cell], trials: [Trial]) throws(StoreError) -> Rescue {
    let stem = (path as NSString).deletingPathExtension
    let beside = "\(stem).rescue-\(session.id).sqlite"
    let elsewhere = FileManager.default.temporaryDirectory.path + "/heapscale-rescue-\(session.id).sqlite"
    do {
      return try rescue(to: beside, session, cells, trials)
    } catch {
      return try rescue(to: elsewhere, session, cells, trials)
    }
  }

  private func rescue(
    to path: String, _ session: Session, _ cells: [Cell], _ trials: [Trial]
  ) throws(StoreError) -> Rescue {
    // Nothing that stands there already is written over or followed.
    try StorePlace.claim(path)
    let rescued = try Store.open(path: path, mode: .create)
    try rescued.write { db in try rescued.insert(session, cells: cells, finishedAt: nil, runner: nil, in: db)
    }
    var saved: Set<TrialSlot> = []
    func save(_ trial: Trial) throws(StoreError) {
      guard saved.insert(TrialSlot(cellKey: trial.cellKey, block: trial.block)).inserted else { return }
      try rescued.record(trial, session: session.id)
    }
    var readable = try? trialCursor(session: session.id, includingSeries: true, includingProcesses: true)
    while let trial = try? readable?.next() { try save(trial) }
    for trial in trials { try save(trial) }
    try rescued.close()
    return Rescue(path: path, trials: saved.count)
  }
}
