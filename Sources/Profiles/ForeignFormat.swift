/// Files that people take for heap profiles and that are something else: each is refused by its name.
enum ForeignFormat {
  /// What begins so is called so, and what to do with it.
  private static let texts: [(start: String, name: String, advice: String)] = [
    ("--- contention", "a contention profile in text form", goAdvice),
    ("--- mutex", "a mutex profile in text form", goAdvice),
    ("--- profile", "a CPU profile of gperftools with symbols", "it holds time, no memory"),
    ("--- growth", "a profile of heap growth with symbols", "ask for the heap itself: /pprof/heap"),
    ("--- threadz", "a list of threads", "it holds no memory"),
    ("goroutine profile:", "a goroutine profile in text form", goAdvice),
    ("threadcreate profile:", "a profile of created threads in text form", goAdvice),
    ("goroutine ", "a dump of all goroutines (debug=2)", goAdvice),
    ("go 1.", "an execution trace of Go", "`go tool trace` reads it"),
    ("# callgrind format", "callgrind's output", "callgrind_annotate reads it"),
    ("desc:", "massif's output", "ms_print reads it"),
    ("# Massif", "massif's output", "ms_print reads it"),
    ("v heaptrack", "heaptrack's output", "heaptrack_print --print-leaks reads it"),
    ("PERFILE2", "perf's recording", "`perf report` reads it"),
    ("\u{7F}ELF", "a program", "name the profile that it wrote"),
    ("FLR\u{0}", "a recording of Java Flight Recorder", "`jfr print` reads it"),
    ("JAVA PROFILE", "a heap dump of Java", "Eclipse MAT reads it"),
    ("memray", "memray's recording", "`memray flamegraph` reads it"),
    ("{\"snapshot\"", "a heap snapshot of V8", "Chrome's developer tools read it"),
  ]

  private static let goAdvice =
    "it holds no memory; without ?debug=… Go writes pprof's own form, which can be read"

  /// Why a file is refused; nil when it is none of these.
  static func refusal(of bytes: [UInt8], file: String) -> ProfilesError? {
    if isProcessorProfile(bytes) {
      return .otherKind(
        file: file, name: "a CPU profile of gperftools",
        advice: "it holds time, no memory; `google-pprof --proto PROGRAM FILE` makes one that can be read")
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let plain = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    return texts.first { plain.starts(with: $0.start.utf8) }
      .map { .otherKind(file: file, name: $0.name, advice: $0.advice) }
  }

  /// Words 0, 3, 0, period, 0, of 8 or 4 bytes, little-endian (gperftools, docs/cpuprofile-fileformat.html).
  private static func isProcessorProfile(_ bytes: [UInt8]) -> Bool {
    [8, 4].contains { size in
      guard bytes.count >= 5 * size else { return false }
      func word(_ index: Int) -> UInt64 {
        bytes[(index * size)..<((index + 1) * size)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      return word(0) == 0 && word(1) == 3 && word(2) == 0 && word(3) > 0 && word(4) == 0
    }
  }
}
