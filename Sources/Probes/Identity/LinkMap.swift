import Model

/// Why nothing can be said of an image.
struct Unseen: Error {
  let reason: String

  static let unfinished = Unseen(reason: ImageEvidence.unfinishedLinker)
  static let gone = Unseen(reason: "it was gone before anybody could look")
}

/// The objects of a running program in the order in which its dynamic linker searches them.
///
/// Both glibc and musl keep the list for debuggers: DT_DEBUG of the program's dynamic section points at `r_debug`, and
/// that at the chain of `link_map`s. The program comes first, then the preloaded libraries, then what they need, breadth
/// first; what dlopen(3) adds stands behind them. Source: glibc's elf/link.h, musl's ldso/dynlink.c.
struct LinkMap {
  private let memory: TargetMemory
  private let maps: MappedFileTable
  private let first: UInt64

  /// Objects that are looked at; real programs have up to some hundreds.
  private static let limit = 4096

  private struct Debug: BitwiseCopyable {
    var version: UInt64
    var map: UInt64
    var brk: UInt64
    var state: UInt32
    var padding: UInt32
  }

  private struct Node: BitwiseCopyable {
    var base: UInt64
    var name: UInt64
    var dynamic: UInt64
    var next: UInt64
  }

  /// Finds the list of a program; nil when it has no dynamic linker. Throws: `Unseen`.
  init?(memory: TargetMemory, maps: MappedFileTable, headers: ProgramHeaders) throws(Unseen) {
    guard let section = headers.dynamic else { return nil }
    guard
      let program = DynamicObject(memory: memory, maps: maps, base: headers.base, dynamic: section)
    else { throw Unseen(reason: "its dynamic section could not be read") }
    let place: UInt64?
    if headers.hasInterpreter {
      place = program.debug
      if place == nil {
        throw Unseen(reason: "it has no DT_DEBUG entry, so that its libraries are not listed")
      }
    } else {
      // A dynamic linker that was started as the program (`ld.so ./program`) exports its list; a static program does not.
      place = try LinkMap.exported(by: program, at: headers.base, memory)
      if place == nil { return nil }
    }
    guard let place, place != 0 else { throw .unfinished }
    guard let debug = memory.load(Debug.self, at: place) else {
      throw Unseen(reason: "the list of its libraries could not be read")
    }
    // RT_CONSISTENT is 0: otherwise libraries are being added, or were when it gave up.
    guard debug.map != 0, debug.state == 0 else { throw .unfinished }
    self.memory = memory
    self.maps = maps
    first = debug.map
  }

  /// Where the list is of a dynamic linker that runs as the program itself; nil when this is none.
  private static func exported(by linker: DynamicObject, at base: UInt64, _ memory: TargetMemory)
    throws(Unseen) -> UInt64?
  {
    if case .defined(let value) = linker.lookUp(SymbolName("_r_debug")) { return base &+ value }  // glibc
    guard case .defined(let value) = linker.lookUp(SymbolName("_dl_debug_addr")) else { return nil }  // musl
    guard let place = memory.load(UInt64.self, at: base &+ value) else { throw .unfinished }
    return place
  }

  /// The program's own file, also when the kernel started the dynamic linker and that loaded the program.
  var program: String? { memory.load(Node.self, at: first).flatMap { maps.file(at: $0.dynamic) } }

  /// The files that define names for the whole program, in the names' order. Throws: `Unseen`.
  func definers(of names: [SymbolName]) throws(Unseen) -> [String] {
    var found = [String?](repeating: nil, count: names.count)
    var address = first
    for _ in 0..<LinkMap.limit {
      guard address != 0 else { throw Unseen(reason: "none of its libraries defines malloc and free") }
      guard let node = memory.load(Node.self, at: address) else {
        throw Unseen(reason: "the list of its libraries could not be read to its end")
      }
      address = node.next
      guard let object = DynamicObject(memory: memory, maps: maps, base: node.base, dynamic: node.dynamic)
      else { throw Unseen(reason: "the symbols of \(name(of: node)) could not be read") }
      for index in names.indices where found[index] == nil {
        switch object.lookUp(names[index]) {
        case .defined: found[index] = name(of: node)
        case .absent: break
        case .unreadable: throw Unseen(reason: "the symbols of \(name(of: node)) could not be read")
        }
      }
      let complete = found.compactMap(\.self)
      if complete.count == names.count { return complete }
    }
    throw Unseen(reason: "the list of its libraries has no end")
  }

  /// The file by its mapping: names of the list may be relative, or links.
  private func name(of node: Node) -> String { maps.file(at: node.dynamic) ?? "memory without a file" }
}
