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
  /// The event as perf(1) names it, e.g. `cpu/mem-loads,ldlat=3/`.
  public var name: String
  /// The PMU.
  public var pmu: String
  /// The CPUs that have it; nil for all.
  public var cpus: Set<Int>?
  /// How it is asked for, the kernel's accesses included; `precise` is where to begin, one steps down on EOPNOTSUPP.
  public var encoding: EventEncoding
  /// The same for the program's own accesses alone, which is all that an ordinary user may see; nil where the PMU
  /// cannot tell them apart.
  public var userOnly: EventEncoding?
  /// The event that must lead a group with it, else its samples have no data source (ENODATA); nil where none is
  /// needed.
  public var auxiliary: EventEncoding?
  /// Periods must be a multiple of this.
  public var periodStep: UInt64 = 1
}

extension EventMachine {
  /// The events that sample loads and stores here; loads of at least so many cycles, where the PMU can choose.
  ///
  /// Throws: why there is none.
  public func memorySamplers(latency: UInt64 = 3) throws(EventObstacle) -> [MemorySampler] {
    if let ibs = (pmus ?? []).first(where: \.isIBSOp) { return [try MemorySampler(ibs: ibs)] }
    guard !(pmus ?? []).contains(where: \.isSPE) else {
      throw EventObstacle(
        .unsupported, "ARM SPE was detected, and heapscale does not read its packets",
        remedy: "`perf record -e arm_spe_0//` with `perf report --mem-mode` does")
    }
    if let missingPMU { throw missingPMU }
    let samplers = corePMUs.flatMap { MemorySampler.intel($0, latency: latency) }
    guard samplers.isEmpty else { return samplers }
    throw EventObstacle(
      .notOffered, "the PMU does not sample loads and stores (sysfs lists neither mem-loads nor ibs_op)",
      remedy: processor.isVirtual ? "hypervisors seldom pass this on: measure on real hardware" : nil)
  }
}

extension MemorySampler {
  /// AMD: one event, which takes no exclusion unless the kernel filters in software (`swfilt`, since Linux 6.12).
  fileprivate init(ibs pmu: PMUDescription) throws(EventObstacle) {
    guard let encoding = EventTerms.encode("cnt_ctl=1", for: pmu, excludesKernel: false) else {
      throw EventObstacle(.notOffered, "ibs_op cannot count operations here (no cnt_ctl in its formats)")
    }
    self.init(
      subject: .operations, name: "\(pmu.name)/cnt_ctl=1/", pmu: pmu.name, encoding: encoding,
      userOnly: EventTerms.encode("cnt_ctl=1,swfilt=1", for: pmu), periodStep: 16)
  }

  /// Intel: sysfs names both events, and the auxiliary one where the core needs it.
  fileprivate static func intel(_ pmu: PMUDescription, latency: UInt64) -> [MemorySampler] {
    let loads = pmu.events["mem-loads"].flatMap { terms in
      MemorySampler(
        .loads, "mem-loads,ldlat=\(latency)", EventTerms.replacing("ldlat", by: latency, in: terms), pmu)
    }
    let stores = pmu.events["mem-stores"].flatMap { MemorySampler(.stores, "mem-stores", $0, pmu) }
    return [loads, stores].compactMap(\.self)
  }

  /// A precise event; nil when sysfs does not say how its terms are written.
  private init?(_ subject: Subject, _ event: String, _ terms: String, _ pmu: PMUDescription) {
    guard let encoding = EventTerms.encode(terms, for: pmu, precise: 3, excludesKernel: false) else {
      return nil
    }
    let auxiliary = subject == .loads ? pmu.events["mem-loads-aux"] : nil
    self.init(
      subject: subject, name: "\(pmu.name)/\(event)/", pmu: pmu.name, cpus: pmu.cpus, encoding: encoding,
      userOnly: encoding.withoutKernel,
      auxiliary: auxiliary.flatMap { EventTerms.encode($0, for: pmu, excludesKernel: false) })
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
