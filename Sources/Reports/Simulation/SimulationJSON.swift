import Model

/// Simulated memory events for programs.
enum SimulationJSON {
  /// The key of a cell and its value; nothing for a cell that was not simulated.
  static func pair(_ record: SimulationRecord?) -> [(key: String, value: JSONText)] {
    guard let record else { return [] }
    guard let events = record.events else {
      let reason = record.unavailable ?? "it failed"
      return [
        ("simulated", .object([("provenance", .string("simulated")), ("unavailable", .string(reason))]))
      ]
    }
    return [("simulated", value(events))]
  }

  private static func value(_ events: SimulatedEvents) -> JSONText {
    .object([
      ("provenance", .string(Provenance.simulated.rawValue)),
      ("tool", .string(events.tool)),
      ("geometry", geometry(events.geometry)),
      ("total", totals(events.total)),
      ("allocator", totals(events.allocator)),
      ("operations", events.operations.map(JSONText.unsigned) ?? .null),
      ("per_operation", events.perOperation.map(totals) ?? .null),
      ("allocator_per_operation", events.allocatorPerOperation.map(totals) ?? .null),
      ("deterministic", events.isDeterministic.map(JSONText.boolean) ?? .null),
      ("functions", .array(events.functions.map(function))),
      ("notes", .strings(events.notes)),
    ])
  }

  private static func totals(_ totals: EventTotals) -> JSONText {
    .object([
      ("instructions", .number(totals.instructions)),
      ("loads", .number(totals.loads)),
      ("stores", .number(totals.stores)),
      ("d1_misses", .number(totals.d1Misses)),
      ("ll_misses", .number(totals.llMisses)),
    ])
  }

  private static func geometry(_ geometry: CacheGeometry) -> JSONText {
    func cache(_ cache: CacheGeometry.Cache) -> JSONText {
      .object([
        ("size", .integer(cache.size.count)), ("ways", .integer(Int64(cache.ways))),
        ("line", .integer(cache.line.count)),
      ])
    }
    return .object([("i1", cache(geometry.i1)), ("d1", cache(geometry.d1)), ("ll", cache(geometry.ll))])
  }

  private static func function(_ function: SimulatedFunction) -> JSONText {
    .object([
      ("function", .string(function.frame.function)),
      ("object", .string(function.frame.object)),
      ("role", .string(function.frame.role.rawValue)),
      ("own", totals(function.own)),
    ])
  }
}
