import CUnwind
import Glibc

/// Functions of one file by address, with inlined calls and lines where there is DWARF.
///
/// .symtab, .dynsym and separate debug files (by build-id under /usr/lib/debug, or by .gnu_debuglink) are read by
/// libdw; the search is ours, because libdw's goes through all symbols each time. Debug files are never fetched over
/// the network: `DEBUGINFOD_URLS` is taken out of this process's environment, since it is all that libdw looks at.
final class SymbolTable {
  private struct Symbol {
    var start: UInt64
    var size: UInt64
    var name: UnsafePointer<CChar>
    var rank: UInt32
  }

  private struct Unit {
    var start: UInt64
    var end: UInt64
    var number: UInt64
  }

  /// A function or an inlined call, not demangled.
  struct Place: Hashable {
    var name: String?
    var sourceFile: String?
    var line: Int?
  }

  // Owned: closed in deinit; the names point into what it holds.
  private let handle: UnsafeMutableRawPointer?
  private var sized: [Symbol] = []
  private var labels: [Symbol] = []
  private lazy var units = readUnits()
  private unowned let file: CodeFile
  /// Whether libdw looked at a page that the file, or its debug file, no longer has.
  private(set) var isCut = false

  init(file: CodeFile) {
    self.file = file
    // Programs that are started have copies of the environment, made earlier: they keep it.
    unsetenv("DEBUGINFOD_URLS")
    hs_cut_begin()
    handle = file.path.flatMap { hs_symbols_open($0) }
    if handle != nil { readSymbols() }
    isCut = hs_cut_end() != 0
  }

  deinit {
    hs_cut_begin()
    if let handle { hs_symbols_close(handle) }
    _ = hs_cut_end()
  }

  /// The calls at an address of the file, the innermost inlined one first; empty when nothing is known.
  func places(at address: UInt64) -> [Place] {
    hs_cut_begin()
    defer { isCut = hs_cut_end() != 0 || isCut }
    var places = sourcePlaces(at: address)
    let name = file.goTable?.function(at: address)?.name ?? symbolName(at: address)
    guard let function = places.indices.last else { return name.map { [Place(name: $0)] } ?? [] }
    // Of a function with several names the debugging information has the inner one, e.g. __libc_malloc. Parts that
    // the compiler split off (malloc.cold) are symbols of their own, and the function's there.
    let isPart = name?.contains(".") == true && file.goTable == nil
    if let name, places[function].name == nil || !isPart { places[function].name = name }
    return places
  }

  private func symbolName(at address: UInt64) -> String? {
    if let symbol = SymbolTable.last(sized, before: address, where: { address - $0.start < $0.size }) {
      return String(cString: symbol.name)
    }
    let section = file.image.sections.first { $0.address != 0 && $0.contains(address) }
    if section?.isLinkage == true { return "[plt]" }
    // A label without a size holds up to the next one, but not into another section.
    return SymbolTable.last(labels, before: address) { section?.contains($0.start) ?? true }
      .map { String(cString: $0.name) }
  }

  /// Of the symbols that start at or before an address the nearest that fits; functions overlap little.
  private static func last(
    _ symbols: [Symbol], before address: UInt64, where fits: (Symbol) -> Bool
  ) -> Symbol? {
    var low = 0
    var high = symbols.count
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    return symbols[..<low].suffix(8).last(where: fits)
  }

  private func readSymbols() {
    for index in 0..<hs_symbols_count(handle) {
      var raw = hs_symbol()
      guard hs_symbols_at(handle, index, &raw) == 1, file.image.isCode(raw.address), let name = raw.name,
        name.pointee != 0x24  // $x, $d: marks of the assembler on aarch64
      else { continue }
      let symbol = Symbol(start: raw.address, size: raw.size, name: name, rank: raw.rank)
      if raw.size > 0 { sized.append(symbol) } else { labels.append(symbol) }
    }
    sized.sort(by: SymbolTable.isWorse)
    labels.sort(by: SymbolTable.isWorse)
  }

  /// Orders by address, and at one address the best name last: exported, then with few underscores, then short.
  private static func isWorse(_ one: Symbol, _ other: Symbol) -> Bool {
    if one.start != other.start { return one.start < other.start }
    if one.rank != other.rank { return one.rank < other.rank }
    let underscores = (strspn(one.name, "_"), strspn(other.name, "_"))
    if underscores.0 != underscores.1 { return underscores.0 > underscores.1 }
    let lengths = (strlen(one.name), strlen(other.name))
    return lengths.0 != lengths.1 ? lengths.0 > lengths.1 : strcmp(one.name, other.name) > 0
  }

  private func sourcePlaces(at address: UInt64) -> [Place] {
    guard let handle, let unit = unit(at: address) else { return [] }
    var raw = [hs_source_frame](repeating: hs_source_frame(), count: 64)
    let count = hs_source_frames(handle, unit, address, &raw, UInt32(raw.count))
    return raw.prefix(Int(clamping: count)).map { frame in
      Place(
        name: frame.name.map { String(cString: $0) },
        sourceFile: frame.source_file.map { String(cString: $0) },
        line: frame.line > 0 ? Int(clamping: frame.line) : nil)
    }
  }

  private func unit(at address: UInt64) -> UInt64? {
    var low = 0
    var high = units.count
    while low < high {
      let middle = (low + high) / 2
      if units[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    return units[..<low].suffix(4).last { address < $0.end }?.number
  }

  private func readUnits() -> [Unit] {
    var result: [Unit] = []
    withUnsafeMutablePointer(to: &result) { place in
      hs_symbols_units(
        handle,
        { range, context in
          guard let range = range?.pointee, range.start < range.end else { return }
          context?.assumingMemoryBound(to: [Unit].self).pointee
            .append(Unit(start: range.start, end: range.end, number: range.unit))
        }, place)
    }
    return result.sorted { $0.start < $1.start }
  }
}
