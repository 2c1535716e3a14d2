/// A place in code, as a stack or a table of functions shows it.
public struct Frame: Hashable, Codable, Sendable {
  /// Whose code it is.
  public enum Role: String, Codable, Sendable, CaseIterable {
    /// The measured program and its libraries.
    case program
    /// Inside what serves malloc: tables fold it into `[allocator]`.
    case allocator
    /// The kernel's.
    case kernel
    /// Nothing is known of the address.
    case unknown
  }

  /// The function, demangled; `[unknown]` where no symbol covers the address.
  public var function: String
  /// The mapped file it lies in, or `[kernel]`, `[vdso]`, `[anonymous]`; empty when no mapping is known.
  public var object: String
  /// The source file; nil without line information.
  public var sourceFile: String?
  /// The line in it, from 1.
  public var line: Int?
  /// Whose code it is.
  public var role: Role

  /// States a place.
  public init(
    function: String, object: String, sourceFile: String? = nil, line: Int? = nil, role: Role = .program
  ) {
    self.function = function
    self.object = object
    self.sourceFile = sourceFile
    self.line = line
    self.role = role
  }

  /// The name under which tables show everything inside the allocator.
  public static let allocatorName = "[allocator]"

  /// How the frame begins that stands for callers that are not known.
  public static let truncatedName = "[truncated"

  /// Whether it stands for callers that are not known: then it is no place, and no table begins with it.
  public var isTruncation: Bool { function.hasPrefix(Frame.truncatedName) }

  /// The place without a line of assembler source: where in its loop memcpy touched a page tells no call sites apart.
  public var withoutAssemblerLine: Frame {
    guard line != nil, let ending = sourceFile?.split(separator: ".").last,
      ["s", "S", "asm"].contains(ending)
    else { return self }
    var result = self
    result.line = nil
    return result
  }
}
