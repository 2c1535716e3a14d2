import Foundation
import Glibc

/// Descriptors 0, 1 and 2, and how bytes get out of the program.
enum StandardStreams {
  /// Makes the three safe to use. Called before anything else is opened: the next file would take a closed one's number,
  /// and a table printed would end up in the store.
  static func prepare() {
    // Reading gives nothing, writing to standard output fails as it would have, messages vanish.
    for (number, flags) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(number, F_GETFD) < 0 {
      _ = open("/dev/null", flags)
    }
    // A reader that went away is an error of the write. A handler, since an ignored signal would stay ignored in every
    // program that is measured (signal(7)).
    signal(SIGPIPE) { _ in }
  }

  /// Writes all bytes, also to a pipe that does not block.
  ///
  /// Returns 0 or the errno that ended it.
  static func write(_ bytes: some ContiguousBytes, to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = UnsafeRawBufferPointer(buffer)[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(file, part.baseAddress, part.count)
        if count > 0 {
          rest = rest.dropFirst(count)
          continue
        }
        let code = count < 0 ? errno : EIO
        switch code {
        case EINTR: continue
        case EAGAIN:
          var polled = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
          _ = poll(&polled, 1, -1)
        default: return code
        }
      }
      return 0
    }
  }
}
