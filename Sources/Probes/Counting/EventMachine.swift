import CLinux

/// What decides which events this machine and this user can have.
public struct EventMachine: Hashable, Sendable {
  /// PMUs of cores and of their samplers; nil when sysfs cannot be read.
  public var pmus: [PMUDescription]?
  /// The processor.
  public var processor: ProcessorFacts
  /// What the kernel permits.
  public var permissions: EventPermissions
  /// Where the tracepoints are.
  public var tracepoints: Tracepoints

  /// States a machine.
  public init(
    pmus: [PMUDescription]?, processor: ProcessorFacts, permissions: EventPermissions,
    tracepoints: Tracepoints
  ) {
    self.pmus = pmus
    self.processor = processor
    self.permissions = permissions
    self.tracepoints = tracepoints
  }

  /// Reads this machine's, or a recorded one's files.
  public init(devices: String = "/sys/bus/event_source/devices", proc: String = "/proc") {
    self.init(
      pmus: PMUDescription.all(under: devices),
      processor: ProcessorFacts(cpuinfo: ProcText.read("\(proc)/cpuinfo") ?? ""),
      permissions: EventPermissions(proc: proc),
      tracepoints: Tracepoints(mounts: ProcText.read("\(proc)/self/mounts") ?? ""))
  }

  /// The PMUs of cores: two where there are two kinds of core.
  public var corePMUs: [PMUDescription] { (pmus ?? []).filter(\.isCore) }

  /// How an event is asked for: one encoding for each kind of core, else one.
  ///
  /// Throws: why it cannot be had, as far as that is known before the kernel is asked.
  public func encodings(of event: CountedEvent) throws(EventObstacle) -> [EventEncoding] {
    if permissions.paranoid == nil, !permissions.isPrivileged, pmus == nil {
      throw EventRefusal.noKernelSupport
    }
    switch event.source {
    case .hardware: return try hardware(event)
    case .software(let config, let inKernel):
      if inKernel { try mustWatchKernel() }
      return [EventEncoding(type: PERF_TYPE_SOFTWARE.rawValue, config: config, excludesKernel: !inKernel)]
    case .tracepoint(let name):
      let encoding = try tracepoints.encoding(of: name)
      try mustWatchKernel()
      return [encoding]
    }
  }

  /// Why there is no hardware event at all; nil where a core has a PMU.
  ///
  /// sysfs decides: software events open everywhere, with data source and all, and prove nothing.
  public var missingPMU: EventObstacle? {
    guard let pmus else {
      return EventObstacle(
        .noPMU, "/sys/bus/event_source/devices cannot be read, so that no PMU is known",
        remedy: "mount sysfs in the container")
    }
    guard !pmus.contains(where: \.isCore) else { return nil }
    guard processor.isVirtual else {
      return EventObstacle(.noPMU, "no hardware PMU on this machine")
    }
    return EventObstacle(
      .noPMU, "no hardware PMU in this virtual machine",
      remedy: "let the hypervisor pass it through (KVM: pmu=on), or measure on real hardware")
  }

  private func hardware(_ event: CountedEvent) throws(EventObstacle) -> [EventEncoding] {
    if let missingPMU { throw missingPMU }
    let cores = corePMUs
    var result: [EventEncoding] = []
    for pmu in cores {
      result.append(
        try HardwareEncodings.encoding(
          of: event, on: pmu, processor: processor, isAmongSeveral: cores.count > 1))
    }
    return result
  }

  /// A tracepoint to be sampled.
  ///
  /// Throws: why it cannot be had.
  func tracepointFormat(_ name: String) throws(EventObstacle) -> TracepointFormat {
    let format = try tracepoints.format(of: name)
    try mustWatchKernel()
    return format
  }

  private func mustWatchKernel() throws(EventObstacle) {
    guard !permissions.mayWatchKernel else { return }
    throw EventRefusal.paranoid(permissions, wantsKernel: true)
  }
}
