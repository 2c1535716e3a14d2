import Model

/// How long a trial waits for a helper that says nothing, though it should have ended the program.
///
/// The helper enforces the time limit itself, and a request to kill is obeyed within a moment. One that was stopped, or is
/// broken, must not keep the harness for ever.
struct HelperPatience {
  private let timeLimit: Nanoseconds64
  /// When the helper should begin to end the program, or to have started it.
  private var due: Nanoseconds64
  /// When it is given up; counted from the first look after `due`, since the harness may have been stopped in between.
  private var until: Nanoseconds64?

  /// A program that is not there after so long will never be.
  private static let starting: Nanoseconds64 = 60_000_000_000
  /// Processes have five seconds to die, and twice as long again is allowed for a machine under load.
  private static let ending: Nanoseconds64 = 15_000_000_000

  /// For a trial that begins now.
  init(timeLimit: Nanoseconds, now: Nanoseconds64 = MonotonicClock.now) {
    self.timeLimit = max(0, timeLimit.count)
    due = HelperPatience.later(now, by: HelperPatience.starting)
  }

  /// The program has been started; a time limit of 0 is none.
  mutating func started(now: Nanoseconds64) {
    due = timeLimit == 0 ? .max : HelperPatience.later(now, by: timeLimit)
  }

  /// The helper was asked to kill the program.
  mutating func killed(now: Nanoseconds64) { due = min(due, now) }

  /// Whether the helper is to be given up.
  mutating func isExhausted(now: Nanoseconds64, hasAnswered: Bool) -> Bool {
    guard now >= due, !hasAnswered else {
      until = nil
      return false
    }
    guard let until else {
      self.until = HelperPatience.later(now, by: HelperPatience.ending)
      return false
    }
    return now >= until
  }

  private static func later(_ time: Nanoseconds64, by span: Nanoseconds64) -> Nanoseconds64 {
    let (sum, overflow) = time.addingReportingOverflow(span)
    return overflow ? .max : sum
  }
}
