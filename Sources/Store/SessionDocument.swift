import Foundation
import Model

/// A session as a portable JSON document, for another machine or another program.
///
///     {"schema": "heapscale-session/1",
///      "session": {"id", "startedAt", "finishedAt", "plan", "host", "skipped", "artifacts", …},
///      "cells": [{"subject", "variant", "settings"}, …],
///      "trials": [{"cell", "block", "position", "startedAt", "outcome", "message", "stderr",
///                  "identity", "conditions", "values": {METRIC: {"value", "provenance"} or
///                  {"unavailable"}}, "series": {"time", "resident", "live", "marks", "missedTicks",
///                  "parts"}, "processes": [ProcessRecord …], "otherProcesses": [ProcessKind …]}, …]}
///
/// A trial names its cell by `Cell.key`. Times since 1970 are in seconds, times of a series in nanoseconds,
/// sizes in bytes.
struct SessionDocument: Codable {
  static let currentSchema = "heapscale-session/1"

  let schema: String
  let session: SessionRecord
  let cells: [Cell]
  let trials: [TrialRecord]

  /// Reads a document.
  ///
  /// Throws: `badDocument`.
  init(parsing data: Data) throws(StoreError) {
    do {
      self = try JSONDecoder().decode(SessionDocument.self, from: data)
    } catch let error as DecodingError {
      throw .badDocument(detail: error.place)
    } catch {
      throw .badDocument(detail: "\(error)")
    }
    guard schema == SessionDocument.currentSchema else {
      throw .badDocument(detail: "its schema is '\(schema)' instead of '\(SessionDocument.currentSchema)'")
    }
  }
}

/// A session in a document.
struct SessionRecord: Codable {
  let id: String
  let startedAt: Double
  let finishedAt: Double?
  let plan: Plan
  let host: [HostFact]
  let skipped: [SkippedVariant]
  let artifacts: [ArtifactRecord]
  let version: String
  let commandLine: [String]
  /// Absent in documents of versions without audit.
  let audits: [AuditRecord]?
  /// Absent in documents of versions without simulation.
  let simulations: [SimulationRecord]?
  /// Absent in documents of versions that did not record them.
  let facts: [ExperimentFact]?

  init(_ session: Session, finishedAt: Double?) {
    id = session.id
    startedAt = session.startedAt
    self.finishedAt = finishedAt
    plan = session.plan
    host = session.host
    skipped = session.skipped
    artifacts = session.artifacts
    version = session.version
    commandLine = session.commandLine
    audits = session.audits
    simulations = session.simulations
    facts = session.facts
  }

  var session: Session {
    Session(
      id: id, startedAt: startedAt, plan: plan, host: host, skipped: skipped, artifacts: artifacts,
      version: version, commandLine: commandLine, audits: audits ?? [],
      simulations: simulations ?? [], facts: facts ?? [])
  }
}

extension DecodingError {
  /// Where a document is wrong, in one line.
  fileprivate var place: String {
    switch self {
    case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing\(context.at)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.debugDescription + context.at
    @unknown default: "\(self)"
    }
  }
}

extension DecodingError.Context {
  fileprivate var at: String {
    let path = codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return path.isEmpty ? "" : " at " + path.joined(separator: ".")
  }
}
