import Model

/// Tables of memory levels and of shared cache lines.
struct MemoryTables {
  private let memory: MemoryAccesses

  init(_ memory: MemoryAccesses) { self.memory = memory }

  /// Lines for a terminal.
  func lines(_ width: Int) -> [String] {
    let head = Wrap.lines("\(memory.samples) samples of \(memory.source)", width: width, lead: "  ", hang: 2)
    let levels = AlignedText.lines(
      [["level", "samples", "share", "p50 cycles", "p90", "p99"]] + memory.levels.map(row),
      right: [1, 2, 3, 4, 5])
    guard !memory.sharedLines.isEmpty else { return head + indented(levels) }
    let shared = AlignedText.lines(
      [["cache line", "modified elsewhere", "loads", "stores", "threads", "writers", "offsets", "functions"]]
        + memory.sharedLines.map(row), right: [1, 2, 3, 4, 5, 6])
    return head + indented(levels)
      + ["", "  Cache lines that threads share and write (more than one offset suggests false sharing)"]
      + indented(shared)
  }

  private func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }

  private func row(_ level: MemoryAccesses.Level) -> [String] {
    let share = memory.samples > 0 ? Double(level.samples) / Double(memory.samples) * 100 : 0
    let latencies = [level.p50, level.p90, level.p99].map { $0.map { FigureText.digits($0) } ?? "—" }
    return ["\(level.operation) \(level.level)", "\(level.samples)", "\(FigureText.digits(share)) %"]
      + latencies
  }

  private func row(_ line: MemoryAccesses.SharedLine) -> [String] {
    [
      "0x" + String(line.address, radix: 16), "\(line.modifiedElsewhere)", "\(line.loads)", "\(line.stores)",
      "\(line.threads)", "\(line.writers)", "\(line.offsets)",
      line.functions.map(Visible.text).joined(separator: ", "),
    ]
  }
}
