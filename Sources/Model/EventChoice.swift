/// Which events a run counts besides what getrusage(2) tells.
public enum EventChoice: String, Codable, Sendable, CaseIterable {
  /// None.
  case none
  /// The processor's counters: they run by themselves, and cost only where threads begin and end.
  case standard = "default"
  /// Tracepoints and every counter of the kernel as well; they cost at each hit and at each thread.
  case all

  /// Reads the written form.
  ///
  /// Throws: `InputError` for another word, with the place if it stands in a file.
  public init(parsing text: String, at location: InputError.Location? = nil) throws(InputError) {
    guard let choice = EventChoice(rawValue: text) else {
      throw InputError.unknown("choice of events", text, among: Self.allCases.map(\.rawValue), at: location)
    }
    self = choice
  }
}
