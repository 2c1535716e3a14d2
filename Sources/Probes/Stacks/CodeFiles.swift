import Glibc
import Model

/// Files that are mapped into programs, each opened once, and what was odd about them.
final class CodeFiles {
  private var files: [String: CodeFile?] = [:]
  private lazy var vdso = CodeFile.vdso()
  private var oddities: [String] = []
  /// Sentences for the user, each once.
  var notes: [String] {
    oddities
      + files.values.compactMap { $0?.isCut == true ? $0?.name : nil }.sorted()
      .map { "\($0) was cut short while it was read: some of its functions have no names" }
  }
  private let refusal: ((String) -> String?)?

  /// Of a program of earlier: `refusing` says why a file is not the one that was mapped, nil when it is.
  init(refusing refusal: ((String) -> String?)? = nil) { self.refusal = refusal }

  /// The file of a mapping; nil for memory without one, or when the file is no longer what was mapped.
  func file(of region: MappedRegion) -> CodeFile? {
    // The vdso is our kernel's, which need not be that of an earlier program.
    if region.path == "[vdso]" { return refusal == nil ? vdso : nil }
    guard region.path.hasPrefix("/"), !region.path.hasPrefix("//") else { return nil }
    if let known = files[region.path] { return known }
    let file = opened(region)
    files[region.path] = file
    return file
  }

  private func opened(_ region: MappedRegion) -> CodeFile? {
    if let reason = refusal?(region.path) {
      oddities.append("\(reason): its functions have no names")
      return nil
    }
    if region.path.hasSuffix(" (deleted)") || access(region.path, F_OK) != 0 {
      note("\(region.path) was deleted after it was mapped", region)
      return nil
    }
    // The clock of a recording of earlier is not ours; what was mapped then is told by `refusal`.
    if refusal == nil, isNewer(region) {
      note("\(region.path) was replaced after it was mapped", region)
      return nil
    }
    let file = CodeFile(path: region.path)
    if file == nil { note("\(region.path) cannot be read as an ELF file", region) }
    return file
  }

  private func note(_ fact: String, _ region: MappedRegion) {
    oddities.append("\(fact): its functions have no names, and stacks end in it")
  }

  /// Whether the file has changed since it was mapped (st_ctime: also when another file took its name).
  private func isNewer(_ region: MappedRegion) -> Bool {
    var status = stat()
    guard region.time > 0, stat(region.path, &status) == 0 else { return false }
    var real = timespec()
    clock_gettime(CLOCK_REALTIME, &real)
    let now = MonotonicClock.nanoseconds(real)
    let mapped = now &- MonotonicClock.now &+ Int64(clamping: region.time)
    let changed = MonotonicClock.nanoseconds(status.st_ctim)
    return changed > mapped
  }
}
