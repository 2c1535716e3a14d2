/// What the kernel told a program of its own headers, and what stands there.
///
/// Source: the auxiliary vector (getauxval(3), proc_pid_auxv(5)), and the System V gABI for 64-bit programs.
struct ProgramHeaders {
  /// How far above its own addresses the program was loaded.
  let base: UInt64
  /// Where its dynamic section lies; nil when it has none.
  let dynamic: UInt64?
  /// Whether the kernel started a dynamic linker for it.
  let hasInterpreter: Bool

  private struct Header: BitwiseCopyable {
    var kind: UInt32
    var flags: UInt32
    var offset: UInt64
    var address: UInt64
    var physical: UInt64
    var fileSize: UInt64
    var memorySize: UInt64
    var alignment: UInt64
  }

  private static let headerLimit = 512

  /// Reads the headers of a process or thread by its folder under /proc. Throws: `Unseen`.
  init(memory: TargetMemory, folder: String) throws(Unseen) {
    let vector = try Self.auxiliaryVector(folder)
    // AT_PHDR, AT_PHENT and AT_PHNUM.
    guard let place = vector[3], let size = vector[4], let count = vector[5] else {
      throw Unseen(reason: "the kernel tells nothing of its headers: not a 64-bit program")
    }
    guard size == UInt64(MemoryLayout<Header>.stride) else {
      throw Unseen(reason: "it is not a 64-bit program")
    }
    let headers = memory.array(
      of: Header.self, at: place, limit: Int(clamping: min(count, UInt64(Self.headerLimit))))
    guard !headers.isEmpty else { throw Unseen(reason: "its program headers could not be read") }
    if let own = headers.first(where: { $0.kind == 6 }) {  // PT_PHDR
      base = place &- own.address
    } else if let load = headers.first(where: { $0.kind == 1 && $0.offset == 0 }) {  // PT_LOAD
      // Without it the headers follow the ELF header, which has 64 bytes.
      base = place &- 64 &- load.address
    } else {
      throw Unseen(reason: "its program headers do not say where it was loaded")
    }
    let base = base
    dynamic = headers.first { $0.kind == 2 }.map { $0.address &+ base }  // PT_DYNAMIC
    hasInterpreter = headers.contains { $0.kind == 3 }  // PT_INTERP
  }

  private static func auxiliaryVector(_ folder: String) throws(Unseen) -> [UInt64: UInt64] {
    guard let bytes = ProcBytes.read("\(folder)/auxv", limit: 8192), bytes.count >= 16 else {
      throw .gone
    }
    var result: [UInt64: UInt64] = [:]
    bytes.withUnsafeBytes { raw in
      for start in stride(from: 0, through: raw.count - 16, by: 16) {
        let key = raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        if key == 0 { break }
        result[key] = raw.loadUnaligned(fromByteOffset: start &+ 8, as: UInt64.self)
      }
    }
    return result
  }
}
