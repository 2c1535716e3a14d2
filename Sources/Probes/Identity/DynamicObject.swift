/// A name that is looked for in symbol tables, with its hashes.
struct SymbolName {
  let text: StaticString
  let gnuHash: UInt32
  let systemHash: UInt32

  /// Source of the two functions: the GNU hash section as binutils and glibc have it (dl_new_hash, djb2), and the
  /// System V gABI's elf_hash.
  init(_ text: StaticString) {
    self.text = text
    var gnu: UInt32 = 5381
    var system: UInt32 = 0
    text.withUTF8Buffer { bytes in
      for byte in bytes {
        gnu = gnu &* 33 &+ UInt32(clamping: byte)
        system = (system << 4) &+ UInt32(clamping: byte)
        system ^= (system & 0xf000_0000) >> 24
        system &= 0x0fff_ffff
      }
    }
    gnuHash = gnu
    systemHash = system
  }

  static let malloc = SymbolName("malloc")
  static let free = SymbolName("free")
}

/// A program or library as the dynamic linker has it in memory, with the symbols that it offers to others.
///
/// Source: the System V gABI (dynamic section, hash table, symbol table) for 64-bit objects, and the GNU hash section.
/// Nothing that stands there is believed: walks are bounded, sums wrap, and what cannot be read is nil.
struct DynamicObject {
  private let memory: TargetMemory
  private let symbols: UInt64
  private let strings: UInt64
  private let gnuHash: UInt64?
  private let systemHash: UInt64?
  /// The value of DT_DEBUG; nil when it has none.
  let debug: UInt64?

  /// Entries of a dynamic section that are read at once; real ones have up to 60.
  private static let entryLimit = 256
  /// Symbols of one hash chain that are looked at; real chains are a few long.
  private static let chainLimit = 4096

  private struct Entry: BitwiseCopyable {
    var tag: UInt64
    var value: UInt64
  }

  /// Reads the dynamic section at an address of an object that was loaded `base` above its own addresses; nil when it
  /// is not readable.
  init?(memory: TargetMemory, maps: MappedFileTable, base: UInt64, dynamic: UInt64) {
    let entries = memory.array(of: Entry.self, at: dynamic, limit: Self.entryLimit).prefix { $0.tag != 0 }
    guard !entries.isEmpty else { return nil }
    // glibc rewrites pointers of the section in place, musl does not, and nobody does in the vDSO's.
    func pointer(_ tag: UInt64) -> UInt64? {
      entries.first { $0.tag == tag }.map { maps.isMapped($0.value) ? $0.value : $0.value &+ base }
    }
    self.memory = memory
    debug = entries.first { $0.tag == Self.debugTag }?.value
    gnuHash = pointer(Self.gnuHashTag)
    systemHash = pointer(Self.hashTag)
    symbols = pointer(Self.symbolsTag) ?? 0
    strings = pointer(Self.stringsTag) ?? 0
  }

  private static let hashTag: UInt64 = 4
  private static let stringsTag: UInt64 = 5
  private static let symbolsTag: UInt64 = 6
  private static let debugTag: UInt64 = 21
  private static let gnuHashTag: UInt64 = 0x6fff_fef5

  /// Whether a name is defined here for others.
  enum Answer {
    /// It is; its address within the object, before it was loaded.
    case defined(UInt64)
    /// It is not.
    case absent
    /// The tables could not be read to their end.
    case unreadable
  }

  /// Looks a name up as the dynamic linker does.
  func lookUp(_ name: SymbolName) -> Answer {
    guard symbols != 0, strings != 0 else { return .absent }
    if let gnuHash { return inGNUTable(name, at: gnuHash) }
    if let systemHash { return inSystemTable(name, at: systemHash) }
    return .absent
  }

  private struct GNUHeader: BitwiseCopyable {
    var buckets: UInt32
    var firstSymbol: UInt32
    var filterWords: UInt32
    var filterShift: UInt32
  }

  private func inGNUTable(_ name: SymbolName, at table: UInt64) -> Answer {
    guard let header = memory.load(GNUHeader.self, at: table) else { return .unreadable }
    guard header.buckets > 0, header.filterWords > 0 else { return .absent }
    let hash = name.gnuHash
    let filter = table &+ 16
    let word = UInt64((hash / 64) & (header.filterWords - 1))
    guard let bits = memory.load(UInt64.self, at: filter &+ 8 &* word) else { return .unreadable }
    let mask = (1 as UInt64) << UInt64(hash % 64) | 1 << UInt64((hash >> (header.filterShift % 32)) % 64)
    guard bits & mask == mask else { return .absent }
    let buckets = filter &+ 8 &* UInt64(header.filterWords)
    let chains = buckets &+ 4 &* UInt64(header.buckets)
    guard var index = memory.load(UInt32.self, at: buckets &+ 4 &* UInt64(hash % header.buckets)) else {
      return .unreadable
    }
    guard index >= header.firstSymbol else { return .absent }
    for _ in 0..<Self.chainLimit {
      guard let found = memory.load(UInt32.self, at: chains &+ 4 &* UInt64(index - header.firstSymbol)) else {
        return .unreadable
      }
      if found | 1 == hash | 1 {
        guard let defined = definition(of: name, symbol: index) else { return .unreadable }
        if case .defined = defined { return defined }
      }
      if found & 1 == 1 { return .absent }
      guard index < .max else { break }
      index += 1
    }
    return .unreadable
  }

  private func inSystemTable(_ name: SymbolName, at table: UInt64) -> Answer {
    guard let counts = memory.load(SIMD2<UInt32>.self, at: table) else { return .unreadable }
    guard counts.x > 0 else { return .absent }
    let buckets = table &+ 8
    let chains = buckets &+ 4 &* UInt64(counts.x)
    guard var index = memory.load(UInt32.self, at: buckets &+ 4 &* UInt64(name.systemHash % counts.x)) else {
      return .unreadable
    }
    for _ in 0..<Self.chainLimit {
      guard index != 0 else { return .absent }
      guard let defined = definition(of: name, symbol: index),
        let next = memory.load(UInt32.self, at: chains &+ 4 &* UInt64(index))
      else { return .unreadable }
      if case .defined = defined { return defined }
      index = next
    }
    return .unreadable
  }

  private struct Symbol: BitwiseCopyable {
    var name: UInt32
    var info: UInt8
    var other: UInt8
    var section: UInt16
    var value: UInt64
    var size: UInt64
  }

  /// Whether a symbol is the name's definition for others; nil when it cannot be read.
  private func definition(of name: SymbolName, symbol index: UInt32) -> Answer? {
    guard let symbol = memory.load(Symbol.self, at: symbols &+ 24 &* UInt64(index)) else { return nil }
    let binding = symbol.info >> 4
    let kind = symbol.info & 0xf
    let visibility = symbol.other & 3
    // STB_GLOBAL, STB_WEAK and STB_GNU_UNIQUE; STT_NOTYPE, STT_OBJECT, STT_FUNC and STT_GNU_IFUNC; STV_DEFAULT and
    // STV_PROTECTED.
    guard symbol.section != 0, [1, 2, 10].contains(binding), [0, 1, 2, 10].contains(kind),
      visibility == 0 || visibility == 3
    else { return .absent }
    return memory.holds(name.text, at: strings &+ UInt64(symbol.name)) ? .defined(symbol.value) : .absent
  }
}
