import Model

/// The programs that a run of a user's command went through, as the preloaded library told.
public struct AuditedImages: Hashable, Sendable {
  /// One program in one process.
  public struct Image: Hashable, Sendable {
    /// Its process.
    public var pid: Int32
    /// Its file.
    public var path: String
    /// VmHWM at its exit; nil when it did not end by exit(3), or went on as another program.
    public var peak: Bytes?
  }

  /// The programs, in the order in which they began.
  public private(set) var images: [Image] = []
  /// Processes that came from fork(2) and went on as the program of their parent, with its file.
  public private(set) var forked: [Image] = []
  /// What forked processes answered, by process and request.
  private(set) var answersInForks: [Int32: [String: String]] = [:]
  /// Files that were mapped in any of them, each once.
  public private(set) var files: [String] = []

  init() {}

  /// Reads what the images said on standard error.
  init(told text: String) {
    for (request, value) in AuditTexts.lines(text) {
      let words = value.split(separator: " ", maxSplits: 1).map(String.init)
      switch request {
      case "image" where words.count == 2:
        guard let pid = Int32(words[0]) else { continue }
        forked.removeAll { $0.pid == pid }
        images.append(Image(pid: pid, path: words[1]))
        add(files: [words[1]])
      case "forked" where words.count == 2:
        if let pid = Int32(words[0]) { forked.append(Image(pid: pid, path: words[1])) }
      case "in-fork" where words.count == 2:
        let sides = words[1].split(separator: "=", maxSplits: 1).map(String.init)
        guard let pid = Int32(words[0]), sides.count == 2 else { continue }
        answersInForks[pid, default: [:]][sides[0]] = sides[1]
      case "peak" where words.count == 2:
        guard let pid = Int32(words[0]), let kibibytes = Int64(words[1]), kibibytes < 1 << 40,
          let index = images.lastIndex(where: { $0.pid == pid })
        else { continue }
        images[index].peak = Bytes(kibibytes * 1024)
      case "mapped": add(files: [value])
      default: continue
      }
    }
  }

  mutating func add(files more: [String]) {
    var known = Set(files)
    files += more.filter { !$0.isEmpty && known.insert($0).inserted }
  }

  /// The program that does the work: the largest, of several the last, without those that only start others.
  public func main(isLauncher: (String) -> Bool) -> String? {
    let working = images.filter { !isLauncher($0.path) }
    let largest = working.map { $0.peak?.count ?? 0 }.max()
    return working.last { ($0.peak?.count ?? 0) == largest }?.path
  }
}

/// Looks now and then at what is mapped in a running program, since one that is ended at a limit cannot be asked.
final class MappingWatch: TrialObserver {
  private var pid: Int32 = 0
  private var turn = 0
  private(set) var files: [String] = []

  func attach(to pid: Int32) { self.pid = pid }

  func drain() {
    turn += 1
    guard pid > 0, turn % 5 == 0, let maps = ProcText.bytes("/proc/\(pid)/maps") else { return }
    for file in ProcessMaps.files(maps) where !files.contains(file) { files.append(file) }
  }
}

extension AuditedProgram {
  /// The file that malloc is taken from in it; nil when it does not answer.
  ///
  /// Throws: `ProbeError` when the harness itself fails.
  public func server(helperPath: String, interrupt: Int32) throws(ProbeError) -> String? {
    try AuditRunner(program: self, helperPath: helperPath, interrupt: interrupt).answer(
      to: "server", with: [])
  }

  /// The file that malloc is taken from when a whole run of it ends; nil when nobody could look.
  ///
  /// Throws: `ProbeError` when the harness itself fails.
  public func serverAtExit(helperPath: String, interrupt: Int32) throws(ProbeError) -> String? {
    try AuditRunner(program: self, helperPath: helperPath, interrupt: interrupt).serverAtExit()
  }

  /// What a whole run of it goes through; nothing for our probes.
  ///
  /// Throws: `ProbeError` when the harness itself fails.
  public func images(helperPath: String, interrupt: Int32) throws(ProbeError) -> AuditedImages {
    try AuditRunner(program: self, helperPath: helperPath, interrupt: interrupt).images()
  }
}
