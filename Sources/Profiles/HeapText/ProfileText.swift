/// A profile in text form as lines, however it was saved.
///
/// A byte order mark and carriage returns are dropped, and so is what stands before the first line that begins a
/// profile: jemalloc prints its leak report there (`prof_leak:true` to the same file), terminals their prompts.
struct ProfileText {
  /// The file's name for messages.
  let file: String
  /// The lines from the one that begins the profile.
  let lines: [Substring]
  /// Lines before it.
  let skipped: Int
  /// Whether the last line has its end.
  let isWhole: Bool

  /// Lines before the head that are looked through.
  private static let longestPreface = 200

  /// Takes a file's bytes apart. `isHead` knows the lines by which profiles begin.
  init(_ bytes: [UInt8], file: String, isHead: (Substring) -> Bool) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let plain = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    var lines = String(decoding: plain, as: UTF8.self).utf8
      .split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { Substring($0.last == 0x0D ? $0.dropLast() : $0) }
    isWhole = lines.last?.isEmpty ?? true
    // What stands behind the last line's end is no line.
    if isWhole, !lines.isEmpty { lines.removeLast() }
    let head = lines.prefix(ProfileText.longestPreface).firstIndex(where: isHead) ?? 0
    self.file = file
    self.lines = Array(lines[head...])
    skipped = head
  }

  private init(file: String, lines: [Substring], skipped: Int, isWhole: Bool) {
    self.file = file
    self.lines = lines
    self.skipped = skipped
    self.isWhole = isWhole
  }

  /// The text from one of its lines on.
  func dropping(_ count: Int) -> ProfileText {
    ProfileText(file: file, lines: Array(lines.dropFirst(count)), skipped: skipped + count, isWhole: isWhole)
  }

  /// An error in a line, counted from 0 in `lines`; the last line of a file without its end was cut.
  func damage(_ index: Int, _ reason: String) -> ProfilesError {
    guard isWhole || index + 1 < lines.count else { return cut("in line \(skipped + index + 1)") }
    return .damaged(file: file, reason: "line \(skipped + index + 1) \(reason)")
  }

  /// The error that the file ends too early.
  func cut(_ place: String) -> ProfilesError {
    .damaged(
      file: file,
      reason: """
        is cut off: it ends \(place). What is missing cannot be guessed; let the program write it again and end before \
        the file is copied
        """)
  }
}
