import CUnwind

/// How callers are found.
public enum UnwindMode: String, Hashable, Codable, Sendable, CaseIterable {
  /// By the unwind tables of the mapped files, from the sampled registers and stack; Go by its own table.
  case tables
  /// By frame pointers: the kernel's call chain, or else the sampled stack.
  case framePointers
}

/// An address on a stack.
struct StackAddress: Hashable {
  var address: UInt64
  /// The instruction itself; otherwise a return address, and the call stands before it.
  var isExact: Bool
  /// An address within the instruction.
  var instruction: UInt64 { isExact ? address : address &- 1 }
}

/// Finds the callers of one sample. Buffers are kept from sample to sample.
struct StackUnwinder {
  private var caches = UnwindCaches()
  private var frames = [hs_unwind_frame](repeating: hs_unwind_frame(), count: StackUnwinder.deepest)
  /// More frames than an 8 KB dump has room for.
  static let deepest = 1024

  /// The addresses, innermost first, and why there are no more.
  mutating func unwind(
    _ sample: EventSample, in image: ProcessImage, mode: UnwindMode, _ files: CodeFiles
  ) -> (addresses: [StackAddress], end: StackEnd) {
    if mode == .framePointers || sample.registers == nil { return FramePointers.unwind(sample) }
    return unwindByTables(sample, in: image, files)
  }

  private mutating func unwindByTables(
    _ sample: EventSample, in image: ProcessImage, _ files: CodeFiles
  ) -> (addresses: [StackAddress], end: StackEnd) {
    var raw = hs_unwind_sample()
    StackUnwinder.setRegisters(of: sample, in: &raw)
    let result = sample.stack.withUnsafeBufferPointer { stack in
      raw.stack = stack.baseAddress
      raw.stack_length = UInt64(stack.count)
      return caches.unwind(&raw, in: image, into: &frames, files)
    }
    var addresses = frames[..<Int(result.count)].map {
      StackAddress(address: $0.instruction, isExact: $0.is_exact != 0)
    }
    guard result.end == HS_UNWIND_FOREIGN.rawValue else { return (addresses, StackUnwinder.end(result.end)) }
    let end = GoStack(sample: sample, image: image, files: files)
      .unwind(stackPointer: StackUnwinder.register(hs_unwind_sp(), in: result), onto: &addresses)
    return (addresses, end)
  }

  private static func setRegisters(of sample: EventSample, in raw: inout hs_unwind_sample) {
    guard let registers = sample.registers else { return }
    withUnsafeMutableBytes(of: &raw.registers) { bytes in
      let numbers = bytes.bindMemory(to: UInt64.self)
      for bit in 0..<64 {
        let number = Int(clamping: hs_unwind_register_of_perf(Int32(clamping: bit)))
        if numbers.indices.contains(number), let value = registers.value(bit: bit) { numbers[number] = value }
      }
      raw.stack_start = numbers[Int(clamping: hs_unwind_sp())]
    }
  }

  private static func register(_ number: Int32, in result: hs_unwind_result) -> UInt64 {
    withUnsafeBytes(of: result.last) { $0.bindMemory(to: UInt64.self)[Int(clamping: number)] }
  }

  private static func end(_ raw: UInt32) -> StackEnd {
    switch raw {
    case HS_UNWIND_ROOT.rawValue: .root
    case HS_UNWIND_NO_MODULE.rawValue: .noFile
    case HS_UNWIND_NO_TABLE.rawValue: .noUnwindEntry
    case HS_UNWIND_SHORT.rawValue: .dumpTooShort
    case HS_UNWIND_DEEP.rawValue: .tooDeep
    default: .inconsistent
    }
  }
}

extension EventSample {
  /// A word of the stack by its address; nil outside the dump.
  func stackWord(at address: UInt64, start: UInt64) -> UInt64? {
    let offset = address &- start
    guard address >= start, offset <= UInt64(stack.count), stack.count - Int(clamping: offset) >= 8 else {
      return nil
    }
    return stack.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: Int(clamping: offset), as: UInt64.self) }
  }

  /// A register by libunwind's number.
  func register(_ number: Int32) -> UInt64? {
    (0..<64).first { hs_unwind_register_of_perf($0) == number }.flatMap { registers?.value(bit: Int($0)) }
  }
}
