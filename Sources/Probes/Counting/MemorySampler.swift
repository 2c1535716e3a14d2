/// An event that samples single memory accesses, with address, latency and data source.
public struct MemorySampler: Hashable, Sendable {
  /// What a sample is.
  public enum Subject: String, Hashable, Sendable {
    /// A load.
    case loads
    /// A store.
    case stores
    /// Any operation: keep those whose data source says load or store.
    case operations
  }

  /// What a sample is.
  public var subject: Subject
  /// The PMU.
  public var pmu: String
  /// How it is asked for; `precise` is where to begin, one steps down on EOPNOTSUPP.
  public var encoding: EventEncoding
  /// The event that must lead a group with it, else its samples have no data source (ENODATA); nil where none is
  /// needed.
  public var auxiliary: EventEncoding?
  /// Periods must be a multiple of this.
  public var periodStep: UInt64

  /// States a sampler.
  public init(
    subject: Subject, pmu: String, encoding: EventEncoding, auxiliary: EventEncoding? = nil,
    periodStep: UInt64 = 1
  ) {
    self.subject = subject
    self.pmu = pmu
    self.encoding = encoding
    self.auxiliary = auxiliary
    self.periodStep = periodStep
  }
}

extension EventMachine {
  /// The events that sample loads and stores here; loads of at least so many cycles, where the PMU can choose.
  ///
  /// Throws: why there is none.
  public func memorySamplers(latency: UInt64 = 3) throws(EventUnavailable) -> [MemorySampler] {
    if let ibs = (pmus ?? []).first(where: \.isIBSOp) { return [try MemorySampler(ibs: ibs)] }
    guard !(pmus ?? []).contains(where: \.isSPE) else {
      throw EventUnavailable(
        .unsupported, "ARM SPE was detected, and heapscale does not read its packets",
        remedy: "`perf record -e arm_spe_0//` with `perf report --mem-mode` does")
    }
    if let missingPMU { throw missingPMU }
    let samplers = corePMUs.flatMap { MemorySampler.intel($0, latency: latency) }
    guard samplers.isEmpty else { return samplers }
    throw EventUnavailable(
      .notOffered, "the PMU does not sample loads and stores (sysfs lists neither mem-loads nor ibs_op)",
      remedy: processor.isVirtual ? "hypervisors seldom pass this on: measure on real hardware" : "")
  }
}

extension MemorySampler {
  /// AMD: one event, which takes no exclusion unless the kernel filters in software (`swfilt`, since Linux 6.12).
  fileprivate init(ibs pmu: PMUDescription) throws(EventUnavailable) {
    let filters = pmu.formats["swfilt"] != nil
    guard var encoding = EventTerms.encode(filters ? "cnt_ctl=1,swfilt=1" : "cnt_ctl=1", for: pmu) else {
      throw EventUnavailable(.notOffered, "ibs_op cannot count operations here (no cnt_ctl in its formats)")
    }
    encoding.excludesKernel = filters
    self.init(subject: .operations, pmu: pmu.name, encoding: encoding, periodStep: 16)
  }

  /// Intel: sysfs names both events, and the auxiliary one where the core needs it.
  fileprivate static func intel(_ pmu: PMUDescription, latency: UInt64) -> [MemorySampler] {
    let auxiliary = pmu.events["mem-loads-aux"].flatMap { EventTerms.encode($0, for: pmu) }
    let loads = pmu.events["mem-loads"].flatMap { terms in
      EventTerms.encode(EventTerms.replacing("ldlat", by: latency, in: terms), for: pmu, precise: 3)
    }
    let stores = pmu.events["mem-stores"].flatMap { EventTerms.encode($0, for: pmu, precise: 3) }
    return [
      loads.map { MemorySampler(subject: .loads, pmu: pmu.name, encoding: $0, auxiliary: auxiliary) },
      stores.map { MemorySampler(subject: .stores, pmu: pmu.name, encoding: $0) },
    ].compactMap(\.self)
  }
}

extension EventTerms {
  /// The words with another value of one of them; unchanged where it does not stand there.
  static func replacing(_ name: String, by value: UInt64, in terms: String) -> String {
    terms.split(separator: ",").map { term in
      term.hasPrefix("\(name)=") ? "\(name)=\(value)" : String(term)
    }.joined(separator: ",")
  }
}
