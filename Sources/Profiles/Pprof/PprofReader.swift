import Model
import SwiftProtobuf

/// Reads pprof files: Go's heap profiles, heapscale's own exports, and others.
///
/// Go's columns get the names of heap profiles: `inuse_space` is `live_bytes`, `alloc_objects` is
/// `allocated_objects`. Go scales its samples itself, so that nothing is left to unsample.
/// Sources: github.com/google/pprof, proto/profile.proto; runtime/pprof, `WriteHeapProfile`.
public enum PprofReader {
  /// What a file may hold at most.
  public struct Limits: Hashable, Sendable {
    /// Bytes after decompression.
    public var bytes: Int
    /// Messages and fields: samples, locations, functions, texts.
    public var entries: Int

    /// States limits. The defaults leave room for profiles of large servers.
    public init(bytes: Int = 256 << 20, entries: Int = 16_000_000) {
      self.bytes = bytes
      self.entries = entries
    }
  }

  /// Reads a file's bytes, gzip or plain; `file` is its name for messages.
  ///
  /// Throws: `ProfilesError.damaged` and `.tooLarge`.
  public static func read(_ bytes: [UInt8], file: String, limits: Limits = Limits())
    throws(ProfilesError) -> RawHeapProfile
  {
    let plain = try expanded(bytes, file: file, limits: limits)
    var check = WireCheck(plain, limit: limits.entries)
    guard check.fits() else { throw .tooLarge(file: file, limit: "\(limits.entries) entries") }
    let wire: WireProfile
    do {
      // A cut message often decodes up to the cut: its texts are then missing, and are asked for.
      wire = try WireProfile(serializedBytes: plain)
    } catch {
      throw .damaged(file: file, reason: "is no pprof profile, or ends too early")
    }
    return try PprofContents(wire, file: file).profile()
  }

  /// The bytes without gzip, if there is any.
  static func expanded(_ bytes: [UInt8], file: String, limits: Limits)
    throws(ProfilesError) -> [UInt8]
  {
    let tooLarge = ProfilesError.tooLarge(file: file, limit: "\(limits.bytes) bytes")
    guard bytes.starts(with: Gzip.magic) else {
      guard bytes.count <= limits.bytes else { throw tooLarge }
      return bytes
    }
    do {
      return try Gzip.expand(bytes, limit: limits.bytes)
    } catch {
      throw error.isTooLarge ? tooLarge : .damaged(file: file, reason: error.reason)
    }
  }
}
