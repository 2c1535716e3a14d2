import Model

/// Where a variable of a program lies in memory, so that it can be read from outside.
public struct MemoryLocation: Hashable, Sendable {
  /// How its value is stored.
  public enum Kind: Sendable {
    case bool, int32, int64, double
  }

  /// The mapped file whose variable it is.
  public var file: String
  /// Its address as the file's symbol table says.
  public var address: UInt64
  /// Whether the file may be loaded anywhere, so that its first mapping must be added.
  public var isRelocated: Bool
  /// How its value is stored.
  public var kind: Kind

  /// States a place.
  public init(file: String, address: UInt64, isRelocated: Bool, kind: Kind) {
    self.file = file
    self.address = address
    self.isRelocated = isRelocated
    self.kind = kind
  }
}

/// The program that is audited, and what is known of it before it runs.
public struct AuditedProgram: Sendable {
  /// How it is started; its environment holds no setting yet.
  public var launch: LaunchSpec
  /// How it is asked.
  public var way: AuditWay
  /// What it is, in a few words for people.
  public var name: String
  /// What serves malloc in it; nil when there is no malloc, or it is unknown.
  public var allocator: AllocatorSpec?
  /// The runtime whose heap stands beside malloc: Go's.
  public var runtime: AllocatorSpec?
  /// Where the variables lie that can be read from outside, by the written form of the read-back.
  public var memory: [String: MemoryLocation]
  /// Build information of a Go program.
  public var buildInformation: [String: String]
  /// What serves malloc when it is none of the catalogue's allocators, in words; nil where one is known, or nothing.
  public var server: String?
  /// glibc's dynamic linker, which lists its tunables; nil for programs that do not have it.
  public var linker: String?

  /// Describes a program.
  public init(
    launch: LaunchSpec, way: AuditWay, name: String, allocator: AllocatorSpec?, runtime: AllocatorSpec? = nil,
    memory: [String: MemoryLocation] = [:], buildInformation: [String: String] = [:], linker: String? = nil
  ) {
    self.launch = launch
    self.way = way
    self.name = name
    self.allocator = allocator
    self.runtime = runtime
    self.memory = memory
    self.buildInformation = buildInformation
    self.linker = linker
  }
}

/// How an audited program is asked for what is in force in it.
public enum AuditWay: Hashable, Sendable {
  /// It is our probe: requests are its arguments.
  case probe
  /// It is the user's: a preloaded library answers requests in it, in the image that runs the program `image`, and
  /// ends that before its own code begins. The root is that image when `image` is nil.
  case library(path: String, image: String?)
  /// It is the user's, and nothing can be preloaded: it runs, and what it prints and holds at its end is the answer.
  case output

  /// Whether it answers requests.
  var takesRequests: Bool { self != .output }
}

/// What the runs of a program in one environment told.
struct AuditReadings: Sendable {
  /// Answers by the written form of the read-back.
  var answers: [String: String] = [:]
  /// Why there is no answer, by the written form of the read-back.
  var reasons: [String: String] = [:]
  /// Standard error without the probe's lines.
  var output = ""
  /// How the program ended when it was not by exit code 0.
  var failure: String?
  /// Files that were mapped at the end.
  var mappedFiles: [String] = []
  /// What holds without a setting where the program does not say so, by the written form of the read-back.
  var assumed: [String: String] = [:]

  /// What a read-back says; nil when it says nothing.
  func value(_ readBack: SettingReadBack) -> String? {
    let said: String? =
      switch readBack {
      case .verboseOption(let name): value(after: "option '\(name)':")
      case .output(let words): value(after: words)
      case .noComplaint: nil
      default: answers[readBack.description]
      }
    return said ?? assumed[readBack.description]
  }

  /// The rest of the first line that holds some words; empty when they end it.
  func value(after words: String) -> String? {
    for line in output.split(separator: "\n") {
      guard let range = line.firstRange(of: words) else { continue }
      return String(line[range.upperBound...]).trimmed
    }
    return nil
  }

  /// The line that holds some words.
  func line(with words: String) -> String? {
    output.split(separator: "\n").first { $0.contains(words) }.map { String($0).trimmed }
  }

  /// The first two lines that say something, for a process that died.
  var firstWords: String? {
    let lines = output.split(separator: "\n").map { String($0).trimmed }.filter { !$0.isEmpty }
    return lines.isEmpty ? nil : lines.prefix(2).joined(separator: " / ")
  }
}

extension String {
  /// Without blanks at either end.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}
