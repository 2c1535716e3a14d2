import CLinux

/// How each PMU is asked for each hardware event. Pure: from what sysfs and cpuinfo say to the attribute.
///
/// Sources: Documentation in perf_event_open(2); loads and stores: Intel event 0xd0 (MEM_INST_RETIRED, on Atom cores
/// and before Skylake MEM_UOPS_RETIRED, the same numbers), AMD event 0x29 (LS_DISPATCH, whose unit masks add up) and
/// 0x43 (demand fills of the data cache by source, since family 17h).
public enum HardwareEncodings {
  /// The encoding of an event on one core PMU.
  ///
  /// `isAmongSeveral`: the machine has more than one kind of core, so that general events must name the PMU. Throws:
  /// why this PMU cannot count it.
  public static func encoding(
    of event: CountedEvent, on pmu: PMUDescription, processor: ProcessorFacts, isAmongSeveral: Bool
  ) throws(EventObstacle) -> EventEncoding {
    let general = { (config: UInt64) in
      EventEncoding(
        type: PERF_TYPE_HARDWARE.rawValue, config: config | extended(pmu, isAmongSeveral: isAmongSeveral))
    }
    let cache = { (cache: perf_hw_cache_id) in
      EventEncoding(
        type: PERF_TYPE_HW_CACHE.rawValue,
        config: readMiss(of: cache) | extended(pmu, isAmongSeveral: isAmongSeveral))
    }
    switch event {
    case .cycles: return general(UInt64(PERF_COUNT_HW_CPU_CYCLES.rawValue))
    case .instructions: return general(UInt64(PERF_COUNT_HW_INSTRUCTIONS.rawValue))
    case .branchMisses: return general(UInt64(PERF_COUNT_HW_BRANCH_MISSES.rawValue))
    case .l1dMisses: return cache(PERF_COUNT_HW_CACHE_L1D)
    case .dtlbMisses: return cache(PERF_COUNT_HW_CACHE_DTLB)
    case .llcMisses:
      // AMD's L3 belongs to no core: what a core sees is where its fills came from.
      if processor.vendor == .amd { return try amd(memoryFills, on: pmu, processor) }
      return cache(PERF_COUNT_HW_CACHE_LL)
    case .loads: return try accesses(.read, on: pmu, processor)
    case .stores: return try accesses(.write, on: pmu, processor)
    default: throw EventObstacle(.notOffered, "a PMU does not count \(event.rawValue)")
    }
  }

  private enum Access {
    case read
    case write
  }

  private static let memoryFills = "event=0x43,umask=0x48"

  private static func accesses(
    _ access: Access, on pmu: PMUDescription, _ processor: ProcessorFacts
  ) throws(EventObstacle) -> EventEncoding {
    switch processor.vendor {
    case .intel:
      return try encode(access == .read ? "event=0xd0,umask=0x81" : "event=0xd0,umask=0x82", on: pmu)
    case .amd:
      // A load-op-store is dispatched once and does both.
      return try amd(access == .read ? "event=0x29,umask=0x5" : "event=0x29,umask=0x6", on: pmu, processor)
    case .arm, .other:
      // The kernel lists LD_RETIRED and ST_RETIRED only where the core has them (PMCEID).
      if let terms = pmu.events[access == .read ? "ld_retired" : "st_retired"] {
        return try encode(terms, on: pmu)
      }
      let word = access == .read ? "loads" : "stores"
      throw EventObstacle(.notOffered, "the PMU '\(pmu.name)' does not count retired \(word)")
    }
  }

  /// A raw event of AMD's cores since Zen; older ones mean other things by the same numbers.
  private static func amd(
    _ terms: String, on pmu: PMUDescription, _ processor: ProcessorFacts
  ) throws(EventObstacle) -> EventEncoding {
    guard let family = processor.family, family >= 0x17 else {
      throw EventObstacle(.notOffered, "AMD processors before Zen do not count it apart")
    }
    return try encode(terms, on: pmu)
  }

  private static func encode(
    _ terms: String, on pmu: PMUDescription
  ) throws(EventObstacle) -> EventEncoding {
    guard let encoding = EventTerms.encode(terms, for: pmu) else {
      throw EventObstacle(
        .notOffered, "sysfs does not say how the PMU '\(pmu.name)' is asked for '\(terms)'")
    }
    return encoding
  }

  /// Since Linux 5.13 the upper half of a general event names its PMU.
  private static func extended(_ pmu: PMUDescription, isAmongSeveral: Bool) -> UInt64 {
    isAmongSeveral ? UInt64(pmu.type) << UInt64(PERF_PMU_TYPE_SHIFT) : 0
  }

  /// PERF_TYPE_HW_CACHE: cache | operation << 8 | result << 16.
  private static func readMiss(of cache: perf_hw_cache_id) -> UInt64 {
    UInt64(cache.rawValue) | UInt64(PERF_COUNT_HW_CACHE_OP_READ.rawValue) << 8
      | UInt64(PERF_COUNT_HW_CACHE_RESULT_MISS.rawValue) << 16
  }
}
