import Model

extension Variant {
  /// The written form without a libc's own allocator, e.g. `musl/static`, as DESIGN.md allows.
  var shortName: String {
    guard usesLibcAllocator else { return description }
    return "\(libc.rawValue)/\(linkage.rawValue)" + (foreignArchitecture.map { "@\($0)" } ?? "")
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
