import CUnwind

/// Callers of Go code, by Go's own table.
struct GoStack {
  let sample: EventSample
  let image: ProcessImage
  let files: CodeFiles

  /// Goes on from the last of the addresses, whose stack pointer is given.
  func unwind(stackPointer: UInt64, onto addresses: inout [StackAddress]) -> StackEnd {
    guard var place = addresses.last, let start = sample.register(hs_unwind_sp()) else { return .notSampled }
    var stackPointer = stackPointer
    while addresses.count < StackUnwinder.deepest {
      guard let loaded = image.loadedFile(at: place.instruction, files), let table = loaded.file.goTable
      else {
        return .noFile
      }
      let address = place.instruction &- loaded.bias
      // C code that called into Go: what it kept in registers is not known any more.
      guard let function = table.function(at: address) else { return .stackSwitched }
      if function.isTop || StackRoots.contains(function.name) { return .root }
      if function.switchesStack { return spliceCallchain(onto: &addresses) }
      guard let length = table.frameLength(of: function, at: address) else { return .inconsistent }
      guard let caller = sample.stackWord(at: stackPointer &+ length, start: start) else {
        return spliceCallchain(onto: &addresses, otherwise: .dumpTooShort)
      }
      if caller == 0 { return .root }
      stackPointer = stackPointer &+ length &+ 8
      place = StackAddress(address: caller, isExact: false)
      addresses.append(place)
    }
    return .tooDeep
  }

  /// Goes on with the kernel's call chain: it follows frame pointers, which Go keeps, from the scheduler's stack
  /// to the goroutine's, of which nothing was dumped.
  private func spliceCallchain(
    onto addresses: inout [StackAddress], otherwise end: StackEnd = .stackSwitched
  ) -> StackEnd {
    guard let last = addresses.last, let place = sample.callchain.lastIndex(of: last.address) else {
      return end
    }
    let rest = sample.callchain.dropFirst(place).dropFirst().filter { $0 != 0 }
    addresses += rest.map { StackAddress(address: $0, isExact: false) }
    return rest.isEmpty ? end : .inconsistent
  }
}
