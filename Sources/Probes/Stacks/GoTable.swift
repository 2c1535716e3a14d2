/// Go's own table of functions, .gopclntab: names, and how far the stack pointer has moved at each instruction.
///
/// It is in every Go program, also in stripped ones, and says exactly where the return address stands; frame pointers
/// miss the caller of a function without a frame. Layouts since Go 1.18; older ones are left to frame pointers.
/// Source: Go's runtime/symtab.go and internal/abi/symtab.go.
final class GoTable {
  /// One function.
  struct Function {
    var name: String
    var start: UInt64
    /// Nothing called it: a stack ends here, complete (FuncFlagTopFrame).
    var isTop: Bool
    /// It sets the stack pointer (FuncFlagSPWrite): the caller stands on another stack.
    var switchesStack: Bool
    fileprivate var stackTable: UInt64
  }

  private let bytes: MappedBytes
  /// Address of the first function.
  let textStart: UInt64
  private let functionCount: UInt64
  private let names: UInt64
  private let values: UInt64
  private let functions: UInt64
  private let quantum: UInt64
  /// Offset of the flags in a function's record; Go 1.20 put the first line before them.
  private let flags: UInt64
  /// First address behind the last function.
  let textEnd: UInt64

  /// Reads the table's head; nil when the program is not Go, or of a version before 1.18.
  init?(_ image: ELFImage) {
    let place = image.section(".gopclntab") ?? image.section(".data.rel.ro.gopclntab")
    guard let start = place?.fileOffset else { return nil }
    bytes = image.bytes
    func word(_ index: UInt64) -> UInt64? { image.bytes.load(UInt64.self, at: start &+ 8 &+ index * 8) }
    guard let magic = bytes.load(UInt32.self, at: start), [0xFFFF_FFF0, 0xFFFF_FFF1].contains(magic),
      let quantum = bytes.load(UInt8.self, at: start &+ 6), bytes.load(UInt8.self, at: start &+ 7) == 8,
      let count = word(0), let stated = word(2), let names = word(3), let values = word(6),
      let functions = word(7), count > 0, count < UInt64(bytes.count)
    else { return nil }
    self.quantum = UInt64(quantum)
    flags = magic == 0xFFFF_FFF1 ? 41 : 37
    self.names = start &+ names
    self.values = start &+ values
    self.functions = start &+ functions
    functionCount = count
    // Since Go 1.26 the head no longer states it. The linker begins .text with it unless cgo puts C code first.
    let text = GoTable.runtimeText(image) ?? (stated != 0 ? stated : image.section(".text")?.address)
    guard let text, let end = bytes.load(UInt32.self, at: self.functions &+ count * 8) else { return nil }
    textStart = text
    textEnd = text &+ UInt64(end)
  }

  /// Whether an address lies in Go's code.
  func contains(_ address: UInt64) -> Bool { address >= textStart && address < textEnd }

  /// The function at an address.
  func function(at address: UInt64) -> Function? {
    guard contains(address), let index = index(of: address - textStart),
      let record = bytes.load(UInt32.self, at: functions &+ index * 8 &+ 4)
    else { return nil }
    let place = functions &+ UInt64(record)
    guard let entry = bytes.load(UInt32.self, at: place), let name = bytes.load(UInt32.self, at: place &+ 4),
      let stack = bytes.load(UInt32.self, at: place &+ 16),
      let flags = bytes.load(UInt8.self, at: place &+ self.flags),
      let text = bytes.text(at: names &+ UInt64(name))
    else { return nil }
    return Function(
      name: text, start: textStart &+ UInt64(entry), isTop: flags & 1 != 0, switchesStack: flags & 2 != 0,
      stackTable: UInt64(stack))
  }

  /// Bytes between the stack pointer and the return address at an instruction.
  func frameLength(of function: Function, at address: UInt64) -> UInt64? {
    guard function.stackTable != 0 else { return nil }
    var place = values &+ function.stackTable
    var counter = function.start
    var value: Int64 = -1
    var isFirst = true
    while let change = varint(&place), isFirst || change != 0, let distance = varint(&place) {
      isFirst = false
      value &+= change & 1 != 0 ? -Int64(change >> 1) - 1 : Int64(change >> 1)
      counter = counter &+ distance &* quantum
      if address < counter { return value >= 0 ? UInt64(value) : nil }
    }
    return nil
  }

  /// Index of the last function that starts at or before an offset from the text's start.
  private func index(of offset: UInt64) -> UInt64? {
    var low: UInt64 = 0
    var high = functionCount
    while low < high {
      let middle = (low + high) / 2
      guard let start = bytes.load(UInt32.self, at: functions &+ middle * 8) else { return nil }
      if UInt64(start) <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  private func varint(_ place: inout UInt64) -> UInt64? {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 35, let byte = bytes.load(UInt8.self, at: place) {
      place &+= 1
      result |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return result }
      shift += 7
    }
    return nil
  }

  /// The value of the symbol `runtime.text`, when the program is not stripped.
  private static func runtimeText(_ image: ELFImage) -> UInt64? {
    guard let symbols = image.section(".symtab"), let strings = image.section(".strtab") else { return nil }
    for index in 0..<(symbols.length / 24) {
      let place = symbols.fileOffset &+ index &* 24
      guard let name = image.bytes.load(UInt32.self, at: place) else { return nil }
      let start = strings.fileOffset &+ UInt64(name)
      // Compares the first bytes before making a text of each of some thousand names.
      guard image.bytes.load(UInt64.self, at: start) == 0x2E65_6D69_746E_7572,  // "runtime."
        image.bytes.text(at: start) == "runtime.text"
      else { continue }
      return image.bytes.load(UInt64.self, at: place &+ 8)
    }
    return nil
  }
}
