import Model

extension Variant {
  /// The written form without what goes without saying: a libc's own allocator, and Go's heap where nothing else is,
  /// e.g. `musl/static`, `glibc/dynamic/cgo` or `none/static`.
  var shortName: String {
    guard usesLibcAllocator || libc == .none else { return description }
    let suffix = libc == .none ? "" : cgo.map { $0 ? "/cgo" : "/nocgo" } ?? ""
    return "\(libc.rawValue)/\(linkage.rawValue)\(suffix)" + (foreignArchitecture.map { "@\($0)" } ?? "")
  }
}

extension CellResult {
  /// What its variant is called: a command as it is goes by what served malloc in it, where that is known.
  var variantName: String {
    guard okCount > 0 || identity.allocator != nil else { return cell.variant.shortName }
    return cell.nameAsItIs(servedBy: identity.allocator) ?? cell.variant.shortName
  }
}

extension [CellResult] {
  /// What the reference variant of their session is called.
  func referenceName(_ reference: Variant) -> String {
    let names = Set(filter { $0.cell.variant == reference }.map(\.variantName))
    return names.count == 1
      ? names.first ?? reference.shortName : names.isEmpty ? reference.shortName : "as it is"
  }
}

extension Outcome {
  /// The written form, with the name of a well-known signal: `signal-11 (SIGSEGV)`.
  var longName: String {
    guard case .signal(let number) = self, let name = Outcome.signalNames[number] else { return description }
    return "\(description) (\(name))"
  }

  /// Numbers of signal(7) that are the same on x86-64 and aarch64.
  private static let signalNames: [Int32: String] = [
    4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE",
    15: "SIGTERM", 24: "SIGXCPU", 31: "SIGSYS",
  ]
}
