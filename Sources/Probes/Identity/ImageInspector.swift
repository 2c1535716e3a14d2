import Glibc
import Model

/// Looks into a process and tells which files its malloc and free come from.
///
/// It works while the process runs, and while it waits in its exit stop with all its memory still there. Nothing is
/// changed in it, and nothing that stands in it is believed further than it can be read. Who serves malloc is not who is
/// mapped: a library may be there as data, for another name space, or behind one that defines malloc, too; so the names
/// are looked up in the order in which the dynamic linker searched (`LinkMap`).
///
/// Looking costs some 50 to 200 µs, most of it for /proc/PID/maps. One thread uses an inspector at a time.
public final class ImageInspector {
  /// Prepares an inspector.
  public init() {}

  /// What can be seen now of the program image in a process.
  ///
  /// Never fails: what nobody can see is unknown, with the reason. The process id may be a thread's, too.
  public func inspect(pid: Int32) -> ImageEvidence {
    let process = "/proc/\(pid)"
    switch Self.program(process) {
    case .success(let path): return inspect(path, process)
    case .failure(let error) where error.number == ENOENT:
      // A process whose first thread has ended is to be seen through one that still runs.
      for thread in Self.threads(of: pid) {
        let folder = "\(process)/task/\(thread)"
        if case .success(let path) = Self.program(folder) { return inspect(path, folder) }
      }
      return ImageEvidence(path: "", allocation: .unknown(Unseen.gone.reason))
    case .failure(let error):
      return ImageEvidence(path: "", allocation: .unknown(Self.refusal(error.number)))
    }
  }

  private func inspect(_ path: String, _ folder: String) -> ImageEvidence {
    guard let maps = MappedFileTable(folder: folder) else {
      return ImageEvidence(path: path, allocation: .unknown(Self.refusal(errno)))
    }
    var evidence = ImageEvidence(
      path: path, allocation: .withoutLinker, preloads: Preloads.read(folder: folder), mappedFiles: maps.files
    )
    do throws(Unseen) {
      try resolve(maps, folder, &evidence)
    } catch {
      evidence.allocation = .unknown(error.reason)
    }
    return evidence
  }

  private func resolve(
    _ maps: MappedFileTable, _ folder: String, _ evidence: inout ImageEvidence
  ) throws(Unseen) {
    guard let memory = TargetMemory(folder: folder) else { throw Unseen(reason: Self.refusal(errno)) }
    let headers = try ProgramHeaders(memory: memory, folder: folder)
    guard let list = try LinkMap(memory: memory, maps: maps, headers: headers) else { return }
    if !headers.hasInterpreter, let program = list.program { evidence.path = program }
    let files = try list.definers(of: [.malloc, .free])
    evidence.allocation = .resolved(malloc: files[0], free: files[1])
  }

  private struct Failure: Error {
    var number: Int32
  }

  /// The file of the image that runs (`exe`).
  private static func program(_ folder: String) -> Result<String, Failure> {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("\(folder)/exe", &target, target.count)
    guard count >= 0 else { return .failure(Failure(number: errno)) }
    return .success(String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  private static func threads(of pid: Int32) -> [Int32] {
    guard let folder = opendir("/proc/\(pid)/task") else { return [] }
    defer { closedir(folder) }
    var result: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let thread = Int32(name) { result.append(thread) }
    }
    return result
  }

  private static func refusal(_ number: Int32) -> String {
    switch number {
    case EACCES, EPERM:
      "nobody may look into it (it is not dumpable, prctl(2), or another user's)"
    case ENOENT, ESRCH: Unseen.gone.reason
    default: "it could not be looked at: \(String(cString: strerror(number)))"
    }
  }
}

/// Libraries that a process's environment asks the dynamic linker to preload (ld.so(8)).
enum Preloads {
  /// As they were at its exec, in their order; nil when they may not be read, or when the program has written something
  /// else over its environment, as setproctitle(3) does.
  static func read(folder: String) -> [String]? {
    ProcBytes.read("\(folder)/environ", limit: 4 << 20).flatMap(parse)
  }

  static func parse(_ environment: [UInt8]) -> [String]? {
    let name = Array("LD_PRELOAD=".utf8)
    let variables = environment.split(separator: 0)
    if let preload = variables.first(where: { $0.starts(with: name) }) {
      return list(preload.dropFirst(name.count))
    }
    if environment.isEmpty { return [] }
    return !variables.isEmpty && variables.allSatisfy { $0.contains(UInt8(ascii: "=")) } ? [] : nil
  }

  private static func list(_ value: ArraySlice<UInt8>) -> [String] {
    value.split { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
