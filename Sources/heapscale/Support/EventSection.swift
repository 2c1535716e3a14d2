import Probes

/// What `doctor` says about memory events: facilities that are in the same state share a line.
struct EventSection {
  let facilities: EventFacilities

  /// Names and texts of the lines.
  var lines: [(name: String, text: String)] {
    [("hardware PMU", pmu)] + EventFacility.Kind.allCases.flatMap(lines)
  }

  private var pmu: String {
    let machine = facilities.machine
    if let missing = machine.missingPMU { return missing.description }
    let cores = machine.corePMUs.map { pmu in
      pmu.name + (pmu.capabilities["pmu_name"].map { " (\($0))" } ?? "")
    }
    return cores.joined(separator: ", ")
  }

  /// What is wrong with the PMU is said once.
  private func text(_ obstacle: EventObstacle) -> String {
    obstacle == facilities.machine.missingPMU ? "unavailable: see hardware PMU" : "unavailable: \(obstacle)"
  }

  private func lines(_ kind: EventFacility.Kind) -> [(name: String, text: String)] {
    var states: [(obstacle: EventObstacle?, names: [String])] = []
    for facility in facilities.all where facility.kind == kind {
      if let index = states.firstIndex(where: { $0.obstacle == facility.obstacle }) {
        states[index].names.append(facility.name)
      } else {
        states.append((facility.obstacle, [facility.name]))
      }
    }
    return states.map { state in
      let names = state.names.joined(separator: ", ")
      return (kind.heading, state.obstacle.map { "\(names): \(text($0))" } ?? "ready: \(names)")
    }
  }
}

extension EventFacility.Kind {
  /// How lines of it begin.
  fileprivate var heading: String {
    switch self {
    case .hardware: "counted by the processor"
    case .software: "counted by the kernel"
    case .tracepoint: "counted at tracepoints"
    case .sampling: "sampled"
    }
  }
}
