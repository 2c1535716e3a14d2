import CLinux
import Glibc
import Model

/// One run of a tool, which ends within its time whatever the tool does, and leaves nothing behind.
///
/// A guardian starts it (tool.h): it ends the tool with all that it started at the time limit, when the user interrupts,
/// and when heapscale itself is killed. Blocks the calling thread.
struct ToolProcess: Sendable {
  /// Where its output goes.
  enum Output: Sendable {
    /// Kept up to a number of bytes; the rest is read and dropped, so that the tool never blocks.
    case kept(limit: Int, errors: Bool)
    /// Appended to an open file, errors among it.
    case file(CInt)
  }

  /// How it ended.
  enum Ending: Equatable, Sendable {
    case exited(CInt)
    case signaled(CInt)
    case timedOut(seconds: Int)
    case interrupted
  }

  struct Result: Sendable {
    var ending: Ending
    /// Processes of it that could not be ended.
    var survivors: Int
    var output: [UInt8]
  }

  /// Why it could not be started.
  struct Failure: Error { var reason: String }

  let path: String
  let arguments: [String]
  let environment: [String: String?]
  let folder: String?

  /// No file of a compiler or linker comes near.
  private static let fileLimit: UInt64 = 16 << 30
  /// The guardian gives processes five seconds to die.
  private static let endingPatience: Int64 = 10_000_000_000

  /// Runs it; `environment` changes the caller's, where nil takes a variable out.
  func run(input: String, output: Output, seconds: Int) throws(Failure) -> Result {
    var descriptors = Descriptors()
    defer { descriptors.closeAll() }
    let null = try descriptors.take(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null cannot be opened")
    let source = input.isEmpty ? null : try text(input, &descriptors)
    var (reader, writer) = (CInt(-1), null)
    var errors = null
    switch output {
    case .kept(_, let keepsErrors):
      var ends: [CInt] = [-1, -1]
      let made = hs_pipe(&ends)
      guard made == 0 else { throw Failure(reason: "no pipe: \(message(-made))") }
      reader = try descriptors.take(ends[0], "no pipe")
      writer = try descriptors.take(ends[1], "no pipe")
      errors = keepsErrors ? writer : null
    case .file(let file): (writer, errors) = (file, file)
    }
    var running = try start(source, writer, errors)
    if reader >= 0 { descriptors.close(writer) }
    return try finish(&running, reader, output, seconds)
  }

  private func text(_ input: String, _ descriptors: inout Descriptors) throws(Failure) -> CInt {
    let bytes = Array(input.utf8)
    let made = hs_memfd("heapscale-tool-input", UInt64(bytes.count))
    guard made >= 0 else { throw Failure(reason: "no memory for its input: \(message(-made))") }
    let file = try descriptors.take(made, "no memory for its input")
    guard pwrite(file, bytes, bytes.count, 0) == bytes.count else {
      throw Failure(reason: "its input cannot be stored: \(message(errno))")
    }
    return file
  }

  private func start(_ input: CInt, _ output: CInt, _ errors: CInt) throws(Failure) -> hs_tool_run {
    let words = CStrings(arguments)
    let variables = CStrings(changing: environment)
    defer {
      words.free()
      variables.free()
    }
    var running = hs_tool_run()
    let result = ByteText.withCString(path) { path in
      withOptionalCString(folder) { folder in
        var tool = hs_tool(
          path: path, arguments: words.pointers, environment: variables.pointers, directory: folder,
          input: input,
          output: output, errors: errors, file_limit: ToolProcess.fileLimit)
        return hs_tool_start(&tool, &running)
      }
    }
    guard result == 0 else { throw Failure(reason: "it cannot be started: \(message(-result))") }
    return running
  }

  /// Reads until it has ended. What it has left behind is gone then, so that its output has an end, too.
  private func finish(_ running: inout hs_tool_run, _ reader: CInt, _ output: Output, _ seconds: Int)
    throws(Failure)
    -> Result
  {
    var collected = Collected(reader: reader, output)
    var early: Ending?
    var deadline = now() + Int64(seconds) * 1_000_000_000
    while true {
      let interrupt = early == nil ? hs_interrupts_descriptor() : -1
      var polled = [running.end, collected.reader, interrupt].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      _ = hs_poll(&polled, UInt32(polled.count), max(0, deadline - now()))
      if polled[1].revents != 0 { collected.read() }
      if polled[0].revents != 0 { break }
      if polled[2].revents != 0 { early = .interrupted }
      if early == nil, now() >= deadline { early = .timedOut(seconds: seconds) }
      guard early != nil else { continue }
      if now() >= deadline + ToolProcess.endingPatience { break }
      _ = write(running.life, "!", 1)
      deadline = min(deadline, now())
      usleep(1000)
    }
    var end = hs_tool_end()
    let isTold = hs_tool_finish(&running, &end) != 0
    collected.readRest()
    guard end.error == 0 else { throw Failure(reason: message(end.error)) }
    let signal = end.status & 0x7f
    let ending: Ending = early ?? (signal == 0 ? .exited(end.status >> 8 & 0xff) : .signaled(signal))
    guard isTold || early != nil else { throw Failure(reason: "its guardian was killed") }
    return Result(ending: ending, survivors: Int(end.survivors), output: collected.bytes)
  }

  private func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

private func message(_ number: CInt) -> String { String(cString: strerror(number)) }

private func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
  guard let text else { return body(nil) }
  return ByteText.withCString(text) { body($0) }
}

/// Descriptors of one run, closed with it.
private struct Descriptors {
  private var open: [CInt] = []

  mutating func take(_ descriptor: CInt, _ problem: String) throws(ToolProcess.Failure) -> CInt {
    guard descriptor >= 0 else { throw ToolProcess.Failure(reason: "\(problem): \(message(errno))") }
    open.append(descriptor)
    return descriptor
  }

  mutating func close(_ descriptor: CInt) {
    open.removeAll { $0 == descriptor }
    Glibc.close(descriptor)
  }

  func closeAll() { open.forEach { Glibc.close($0) } }
}

/// The beginning of what a tool writes.
private struct Collected {
  var reader: CInt
  private(set) var bytes: [UInt8] = []
  private var limit = 0
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(reader: CInt, _ output: ToolProcess.Output) {
    self.reader = reader
    if case .kept(let limit, _) = output { self.limit = limit }
  }

  /// One piece. Returns whether there was one.
  @discardableResult
  mutating func read() -> Bool {
    guard reader >= 0 else { return false }
    let count = Glibc.read(reader, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<min(count, limit - bytes.count)] }
    if count == 0 { reader = -1 }
    return count > 0
  }

  /// What stands in the pipe; a process that could not be ended may write on for ever.
  mutating func readRest() {
    for _ in 0..<64 where !read() { break }
  }
}

/// An array of C strings, ended by NULL.
private struct CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) { self.init(copies: texts.map { ByteText.withCString($0) { strdup($0) } }) }

  /// The environment of this process, byte for byte, with changes.
  init(changing changes: [String: String?]) {
    var copies: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let entry = next.pointee {
      let name = String(
        decoding: UnsafeBufferPointer(start: entry, count: strcspn(entry, "=")).map { UInt8(bitPattern: $0) },
        as: UTF8.self)
      if changes[name] == nil { copies.append(strdup(entry)) }
      next += 1
    }
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      if let value { copies.append(ByteText.withCString("\(name)=\(value)") { strdup($0) }) }
    }
    self.init(copies: copies)
  }

  private init(copies: [UnsafeMutablePointer<CChar>?]) {
    count = copies.count
    pointers = .allocate(capacity: count + 1)
    pointers.initialize(repeating: nil, count: count + 1)
    for (index, copy) in copies.enumerated() { pointers[index] = copy }
  }

  func free() {
    for index in 0..<count { Glibc.free(pointers[index]) }
    pointers.deallocate()
  }
}
