import Model
import Probes
import Targets

/// Counts the memory events of a plan's cells in a simulated machine, each cell once.
public struct Simulations: Sendable {
  private let catalogue: Catalogue
  private let helperPath: String
  private let interrupt: Int32
  private let limit: Nanoseconds
  private let searchPath: String?

  /// Prepares simulations. `limit` ends each simulated run; `searchPath` is the
  /// PATH on which valgrind is looked for first; `interrupt` is a descriptor that becomes readable when the user wants to stop.
  public init(
    catalogue: Catalogue, helperPath: String, limit: Nanoseconds, searchPath: String?, interrupt: Int32 = -1
  ) {
    self.catalogue = catalogue
    self.helperPath = helperPath
    self.limit = limit
    self.searchPath = searchPath
    self.interrupt = interrupt
  }

  /// Simulates cells in order, on the calling thread. What cannot be simulated is recorded with its reason.
  ///
  /// Answers false when the user stopped it.
  /// Throws: what `record` throws, and `ProbeError` when the launch helper cannot be started.
  public func run(
    _ cells: [PreparedCell], report: (Cell) -> Void, record: (SimulationRecord) throws -> Void
  ) throws -> Bool {
    let simulator = try Simulator(
      helperPath: helperPath, searchPath: (searchPath ?? "") + ":" + Simulator.usualPath, interrupt: interrupt
    )
    for prepared in cells {
      report(prepared.cell)
      guard let result = simulation(of: prepared, simulator) else { return false }
      try record(result)
    }
    return true
  }

  /// What is known of one cell afterwards; nil when the user stopped it.
  private func simulation(of prepared: PreparedCell, _ simulator: Simulator) -> SimulationRecord? {
    let key = prepared.cell.key
    let variant = prepared.cell.variant
    guard variant.foreignArchitecture == nil else {
      return SimulationRecord(
        cellKey: key, events: nil, unavailable: "valgrind simulates programs of the host's architecture only")
    }
    do throws(ProbeError) {
      let allocator = AllocatorCode(of: variant, catalogue: catalogue)
      let lengths = SimulationLengths(prepared, catalogue: catalogue, limit: limit)
      var events = try simulator.simulate(
        launch: lengths.longer, shorter: lengths.shorter,
        allocator: allocator, libraryMustRun: allocator.hasLibrary(in: variant),
        followsChildren: prepared.cell.subject.arm != nil)
      events.notes += lengths.notes
      return SimulationRecord(cellKey: key, events: events)
    } catch {
      if case .simulationInterrupted = error { return nil }
      return SimulationRecord(cellKey: key, events: nil, unavailable: error.description)
    }
  }
}

/// The runs by which a cell is simulated.
struct SimulationLengths {
  /// The run that is shown as a whole.
  let longer: LaunchSpec
  /// The run that is subtracted; nil where start-up and operations cannot be told apart.
  let shorter: LaunchSpec?
  /// What differs from the cell's trials.
  let notes: [String]

  /// Works them out: a workload says how much of it is simulated; anything else runs as it is measured.
  init(_ prepared: PreparedCell, catalogue: Catalogue, limit: Nanoseconds) {
    var launch = prepared.launch
    launch.timeLimit = limit
    guard case .workload(let id, let parameters) = prepared.cell.subject,
      let lengths = (try? catalogue.workload(id))?.simulation
    else {
      longer = launch
      shorter = nil
      notes = []
      return
    }
    let most = SimulationLengths.replacing(parameters, lengths.longer)
    let fewest = SimulationLengths.replacing(most, lengths.shorter)
    longer = SimulationLengths.launch(launch, id, most)
    shorter = lengths.shorter.isEmpty ? nil : SimulationLengths.launch(launch, id, fewest)
    let changed = most.filter { !parameters.contains($0) && $0.name != "idle" }
    let text = changed.map(\.description).joined(separator: ", ")
    notes = changed.isEmpty ? [] : ["simulated with \(text) in place of the trials' parameters"]
  }

  private static func replacing(_ parameters: [Parameter], _ others: [Parameter]) -> [Parameter] {
    parameters.map { parameter in others.first { $0.name == parameter.name } ?? parameter }
  }

  private static func launch(_ launch: LaunchSpec, _ id: String, _ parameters: [Parameter]) -> LaunchSpec {
    var result = launch
    result.arguments = [id] + parameters.map { "\($0.name)=\($0.value)" }
    return result
  }
}
