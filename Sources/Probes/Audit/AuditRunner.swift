import Model

/// Runs an audited program in environments and collects what it tells. Used from one thread.
final class AuditRunner {
  let program: AuditedProgram
  private let supervisor: TrialSupervisor
  /// jemalloc's statistics and mimalloc's options take some kilobytes; more is the program's own.
  private static let outputLimit = 1 << 20

  init(program: AuditedProgram, helperPath: String, interrupt: Int32) throws(ProbeError) {
    self.program = program
    supervisor = try TrialSupervisor(helperPath: helperPath, interrupt: interrupt)
  }

  /// What is in the process: what serves malloc first.
  var present: [AllocatorSpec] { [program.allocator, program.runtime].compactMap(\.self) }

  /// What is set in the audited process so that its allocators tell their settings.
  var additions: [EnvironmentAssignment] {
    present.flatMap(\.settings.auditEnvironment).filter { addition in
      // Who answers requests needs no words in a list.
      listForm(of: addition) == nil || !program.way.takesRequests
    }
  }

  /// Whether a setting is one that the audit itself gives a value, so that what is read back would be the audit's.
  func isOwn(_ setting: AuditedSetting) -> Bool {
    additions.contains { addition in
      guard addition.variable == setting.variable else { return false }
      guard let form = listForm(of: addition) else { return true }
      return keys(of: addition.value, form).contains(setting.key)
    }
  }

  /// What the program tells about settings with some assignments in its environment. `besides` are those of the run
  /// that it is compared with, so that both are asked alike.
  func readings(
    of settings: [AuditedSetting], with set: [EnvironmentAssignment], besides: [EnvironmentAssignment],
    saysMore: Bool = true
  ) throws(ProbeError) -> AuditReadings {
    let requests = AuditRequests(settings: settings, present: present)
    let environment = environment(set, saysMore: saysMore)
    var result = try run(requests.plain + ["statistics"], environment)
    if result.failure == nil, program.way.takesRequests {
      for request in requests.behavioural {
        var own = environment
        for addition in request.environment(besides: besides) { own[addition.variable] = addition.value }
        let answer = try run([request.text], own)
        result.answers.merge(answer.answers) { first, _ in first }
        result.reasons.merge(answer.reasons) { first, _ in first }
      }
    }
    if let linker = program.linker, requests.needsTunables {
      for (name, value) in try tunables(linker, environment) { result.answers["tunable \(name)"] = value }
    }
    for (name, value) in program.buildInformation { result.answers["build-info \(name)"] = value }
    return result
  }

  /// The answer to one request; nil when there is none.
  func answer(to request: String, with set: [EnvironmentAssignment]) throws(ProbeError) -> String? {
    guard program.way.takesRequests else { return nil }
    return try run([request], environment(set, saysMore: false)).answers[request]
  }

  /// The file that malloc is taken from when the program, which is not asked anything, ends; nil when nobody could look.
  func serverAtExit() throws(ProbeError) -> String? {
    var seen: ImageEvidence?
    _ = try supervisor.run(
      program.launch, sampling: Sampling(rateHz: 0),
      atExit: { pid in seen = ImageInspector().inspect(pid: pid) })
    guard case .resolved(let malloc, let free)? = seen?.allocation, malloc == free else { return nil }
    return malloc
  }

  /// What sets its allocators besides the environment, in words.
  func sources() throws(ProbeError) -> [String] {
    let sources = present.flatMap(\.settings.sources)
    guard program.way.takesRequests, !sources.isEmpty else { return [] }
    let answers = try run(sources.map(\.request), environment([], saysMore: false)).answers
    return sources.compactMap { source in
      guard let text = answers[source.request], !text.isEmpty else { return nil }
      return "\(source.text): \(text)"
    }
  }

  /// What a whole run of the user's program shows, to its end or to the time limit.
  func images(
    with set: [EnvironmentAssignment] = [], inForks requests: [String] = []
  ) throws(ProbeError) -> AuditedImages {
    guard case .library(let path, _) = program.way else { return AuditedImages() }
    var launch = program.launch
    launch.environment = preloading(path, in: environment(set, saysMore: false))
    launch.environment["HEAPSCALE_ASK"] = "images"
    launch.environment["HEAPSCALE_ASK_FORKED"] = requests.joined(separator: "\n")
    let watch = MappingWatch()
    let seen = try supervisor.run(
      launch, sampling: Sampling(rateHz: 10), errorBytes: Self.outputLimit, observers: [watch])
    var images = AuditedImages(told: seen.standardError)
    images.add(files: (seen.mappedFiles ?? []) + watch.files)
    for evidence in seen.processes.flatMap(\.images).map(\.evidence) {
      images.add(files: [evidence.path] + (evidence.mappedFiles ?? []))
    }
    return images
  }

  /// In front of what is preloaded already: libraries are initialised from the last to the first, so that an
  /// allocator has read its settings when it is asked. The library defines no function that others look for.
  private func preloading(_ path: String, in environment: [String: String]) -> [String: String] {
    var result = environment
    result["LD_PRELOAD"] = environment["LD_PRELOAD"].map { "\(path):\($0)" } ?? path
    return result
  }

  private func tunables(_ linker: String, _ environment: [String: String]) throws(ProbeError)
    -> [String: String]
  {
    var launch = program.launch
    launch.executable = linker
    launch.arguments = [linker, "--list-tunables"]
    launch.environment = environment
    let seen = try supervisor.run(
      launch, sampling: Sampling(rateHz: 0), errorBytes: Self.outputLimit, keepsOutput: true)
    return AuditTexts.tunables(seen.standardError)
  }

  private func run(_ requests: [String], _ environment: [String: String]) throws(ProbeError) -> AuditReadings
  {
    var launch = program.launch
    launch.environment = environment
    switch program.way {
    case .probe: launch.arguments = [launch.executable] + requests
    case .library(let path, let image):
      launch.environment = preloading(path, in: environment)
      launch.environment["HEAPSCALE_ASK"] = requests.joined(separator: "\n")
      launch.environment["HEAPSCALE_ASK_IN"] = image
    case .output: break
    }
    var memory: [String: String] = [:]
    let wanted = program.memory
    let seen = try supervisor.run(
      launch, sampling: Sampling(rateHz: 0), errorBytes: Self.outputLimit,
      atExit: { pid in
        guard !wanted.isEmpty, let reader = MemoryReader(pid: pid) else { return }
        for (name, place) in wanted { memory[name] = reader.value(at: place) }
      })
    var readings = AuditTexts.readings(seen.standardError)
    readings.answers.merge(memory) { answered, _ in answered }
    if !program.way.takesRequests {
      readings.answers.merge(AuditTexts.jemallocOptions(seen.standardError)) { first, _ in first }
    }
    readings.mappedFiles = seen.mappedFiles ?? []
    readings.failure = failure(of: seen)
    return readings
  }

  /// How a program ended that did not end well by itself.
  private func failure(of seen: Observation) -> String? {
    if let failure = seen.launchFailure { return failure }
    // A user's command may take as long as it likes, with a setting or without.
    guard seen.ending == .none else {
      return program.way == .probe ? "not over after \(Int(program.launch.timeLimit.seconds)) s" : nil
    }
    if seen.status & 0x7f != 0 { return SignalName.name(seen.status & 0x7f) }
    let code = (seen.status >> 8) & 0xff
    return code == 0 ? nil : "exit code \(code)"
  }

  // MARK: - environment

  /// The program's environment with settings and, if it is to say more, with what makes its allocators tell theirs.
  private func environment(_ set: [EnvironmentAssignment], saysMore: Bool) -> [String: String] {
    var result = program.launch.environment
    for assignment in set { result[assignment.variable] = assignment.value }
    guard saysMore else { return result }
    for addition in additions {
      guard let form = listForm(of: addition), case .list(let separator, let sign) = form else {
        result[addition.variable] = addition.value
        continue
      }
      // In front: a mistake in what the user wrote may end the reading of the list.
      let own = keys(of: addition.value, form)
      let pieces = (result[addition.variable] ?? "").split(
        separator: separator, omittingEmptySubsequences: false)
      let others = pieces.filter { !own.contains(String($0.prefix { $0 != sign })) }
      let rest = others.joined(separator: String(separator))
      result[addition.variable] = addition.value.dropFirst() + (rest.isEmpty ? "" : "\(separator)\(rest)")
    }
    return result
  }

  /// The form of a list to which something is added; nil when a whole variable is set.
  private func listForm(of addition: EnvironmentAssignment) -> SettingForm? {
    let form = present.lazy.compactMap { $0.settings.form(of: addition.variable) }.first
    guard case .list(let separator, _)? = form, addition.value.first == separator else { return nil }
    return form
  }

  private func keys(of list: String, _ form: SettingForm) -> Set<String?> {
    guard case .list(let separator, let sign) = form else { return [] }
    return Set(list.split(separator: separator).map { String($0.prefix { $0 != sign }) })
  }
}
