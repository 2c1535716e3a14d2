import ArgumentParser
import Model
import Store

/// Whether what is printed and written may be shown to others.
struct RedactionOption: ParsableArguments {
  @Flag(
    help: """
      Leave out of reports, printed or written: names of host and user, folders outside the system's, and values of \
      variables and options whose names look secret. What else stands in command lines and on standard error stays.
      """)
  var redact = false

  /// The store as reports are to see it.
  func applied(to store: Store, _ bench: Workbench) throws -> Store {
    guard redact else { return store }
    let place = try PrivateFolder(kind: "redacted")
    // It is open: nobody needs its name any more.
    defer { place.remove() }
    return try store.redacted(by: bench.redaction, in: place)
  }

  /// A profile as reports are to see it.
  func applied(to profile: ProfileResult) throws -> ProfileResult {
    guard redact else { return profile }
    var result = try Redaction.ofThisUser.value(profile)
    result.host.append(HostFact(name: Session.redactedFact, value: Redaction.summary))
    return result
  }

  /// A value as reports are to see it.
  func applied<T: Codable>(to value: T, _ bench: Workbench) throws -> T {
    redact ? try bench.redaction.value(value) : value
  }
}
