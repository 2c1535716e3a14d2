import CUnwind
import Glibc

/// A file's bytes, mapped read-only for as long as the object lives.
///
/// Unsafe inside, because the unwinder in C reads the same bytes; every access from Swift is checked. Mapped and not
/// read, because binaries of hundreds of MiB are common and few of their pages are looked at. A file that somebody cuts
/// short while it is looked at reads as zeros beyond its new end, and `isCut` says so. One that changed earlier, since the
/// program mapped it, `CodeFiles` refuses.
final class MappedBytes {
  let base: UnsafeRawBufferPointer
  /// Its number among the mappings whose missing pages are survived; nil for a copy.
  private let noted: Int32?

  /// Maps a regular file; nil when it is none, cannot be read or is empty. A profile may name a FIFO, which nobody waits for.
  init?(path: String) {
    guard let file = try? OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK) else { return nil }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      return nil
    }
    let length = Int(clamping: status.st_size)
    guard let place = mmap(nil, length, PROT_READ, MAP_PRIVATE, file.rawValue, 0), place != MAP_FAILED else {
      return nil
    }
    base = UnsafeRawBufferPointer(start: place, count: length)
    noted = hs_cut_note(place, length)
  }

  /// Copies bytes, so that they stay at one address.
  init(copying bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    copy.copyBytes(from: bytes)
    base = UnsafeRawBufferPointer(copy)
    noted = nil
  }

  deinit {
    if let noted {
      hs_cut_forget(noted)
      munmap(UnsafeMutableRawPointer(mutating: base.baseAddress), base.count)
    } else {
      base.deallocate()
    }
  }

  /// Whether a page was looked at that the file no longer has.
  var isCut: Bool { noted.map { hs_cut_happened($0) != 0 } ?? false }

  /// How many bytes there are.
  var count: Int { base.count }

  /// A little-endian number at an offset; nil outside.
  func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: UInt64) -> T? {
    guard let start = Int(exactly: offset), start <= count - MemoryLayout<T>.size else { return nil }
    return T(littleEndian: base.loadUnaligned(fromByteOffset: start, as: T.self))
  }

  /// A text that ends with NUL; nil outside.
  func text(at offset: UInt64) -> String? {
    guard let start = Int(exactly: offset), start < count else { return nil }
    let bytes = base[start...]
    guard let end = bytes.firstIndex(of: 0) else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
