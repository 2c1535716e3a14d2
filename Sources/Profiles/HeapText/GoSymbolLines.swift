import Model

/// Names that Go's text profiles have below each stack:
///
///     16: 16777216 [16: 16777216] @ 0x47c0ba 0x47ee49 0x4de885 0x4dea1c 0x44aa27 0x483561
///     #	0x4de884	main.large+0x44		/srv/app/main.go:22
///     #	0x4dea1b	main.main+0x1b		/srv/app/main.go:34
///     #	0x44aa26	runtime.main+0x426	/usr/lib/go/src/runtime/proc.go:283
///
/// Inlined calls are lines of their own. The runtime's functions at the start of a stack, which allocate, are left out,
/// and so is `runtime.goexit` at its end.
/// Source: Go, runtime/pprof, `printStackRecord`.
struct GoSymbolLines {
  /// Frames by the address within the call.
  private(set) var frames: [UInt64: [Frame]] = [:]
  /// Places behind the last named one, where goroutines begin: pprof files have no frame for them either.
  private(set) var ends: Set<UInt64> = []
  /// Places that the file leaves out because they allocate.
  private var hidden: Set<UInt64> = []
  private var stack: [UInt64] = []
  private var named = 0
  private var last: UInt64?

  /// Whether a line is a comment or a name.
  static func contains(_ line: Substring) -> Bool { line.first == "#" }

  /// Begins a stack of return addresses.
  mutating func begin(_ addresses: [UInt64]) {
    finishStack()
    stack = addresses.map { $0 &- ($0 > 0 ? 1 : 0) }
    named = 0
    last = nil
  }

  /// Takes a line with a name; others (the runtime's statistics) say nothing of a stack.
  mutating func add(_ line: Substring) {
    let fields = line.split(separator: "\t")
    guard fields.count >= 3, fields[0] == "#", !stack.isEmpty,
      let address = HeapLine.addresses(fields[1])?.first
    else { return }
    if let place = stack.firstIndex(of: address) {
      // Names of a place that is known already say the same again.
      if hidden.remove(address) != nil { frames[address] = nil }
      last = frames[address] == nil || last == address ? address : nil
      named = max(named, place + 1)
    } else if last == nil, named == 0 {
      // An inlined call that is written with an address of its own belongs to the place that comes next.
      last = stack.first { frames[$0] == nil }
    }
    guard let last else { return }
    frames[last, default: []].append(GoSymbolLines.frame(fields))
  }

  /// Places without a name that stand before the first named one allocate; behind the last one a goroutine begins.
  mutating func finishStack() {
    guard named > 0, let first = stack.firstIndex(where: { frames[$0] != nil && !hidden.contains($0) })
    else { return }
    for address in stack[..<first] where frames[address] == nil {
      hidden.insert(address)
      frames[address] = [Frame(function: "runtime.mallocgc", object: "", role: .allocator)]
    }
    if let end = stack.last, frames[end] == nil { ends.insert(end) }
    named = 0
  }

  private static func frame(_ fields: [Substring]) -> Frame {
    // main.load+0x44; a method's name may have a + only before its offset.
    let name = fields[2].lastIndex(of: "+").map { fields[2][..<$0] } ?? fields[2]
    var frame = Frame(function: String(name), object: "")
    if fields.count > 3, let colon = fields[3].lastIndex(of: ":") {
      frame.sourceFile = String(fields[3][..<colon])
      let number = fields[3][fields[3].index(after: colon)...]
      frame.line = Int(number)  // fits: of text, optional
    }
    return frame
  }
}
