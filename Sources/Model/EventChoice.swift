/// Which events a run counts besides what getrusage(2) tells.
public enum EventChoice: String, Codable, Sendable, CaseIterable {
  /// None.
  case none
  /// What costs the program nothing: the processor's counters, and those of the scheduler.
  case standard = "default"
  /// Tracepoints and every counter of the kernel as well; they cost a little at each hit.
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
