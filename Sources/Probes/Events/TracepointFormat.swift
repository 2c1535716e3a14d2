/// Where the fields of a tracepoint lie in its samples: the text of `events/*/*/format` under tracefs.
public struct TracepointFormat: Hashable, Sendable {
  /// One field.
  public struct Field: Hashable, Sendable {
    /// Its name, e.g. `addr`.
    public var name: String
    /// Its first byte in the sample's raw data.
    public var offset: Int
    /// Its length in bytes.
    public var size: Int
  }

  /// The tracepoint, e.g. `sys_enter_mmap`.
  public var name: String
  /// What perf_event_open(2) takes as `config`.
  public var id: UInt64
  /// Its fields.
  public var fields: [Field]

  /// Reads a format file; nil when it has no name, id or fields.
  public init?(text: String) {
    var name: Substring?
    var id: UInt64?
    var fields: [Field] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("name: ") { name = line.dropFirst(6) }
      if line.hasPrefix("ID: ") { id = UInt64(line.dropFirst(4)) }
      if let field = TracepointFormat.field(line) { fields.append(field) }
    }
    guard let name, let id, !fields.isEmpty else { return nil }
    self.name = String(name)
    self.id = id
    self.fields = fields
  }

  /// A line such as `field:unsigned long addr; offset:16; size:8; signed:0;`.
  private static func field(_ line: Substring) -> Field? {
    let blanks: Set<Character> = [" ", "\t"]
    let parts = line.split(separator: ";").map { $0.drop { blanks.contains($0) } }
    guard parts.count >= 3, parts[0].hasPrefix("field:"), parts[1].hasPrefix("offset:"),
      parts[2].hasPrefix("size:"), let offset = Int(parts[1].dropFirst(7)),
      let size = Int(parts[2].dropFirst(5)),  // fits: of text, optional
      (0...65_535).contains(offset), (1...65_535).contains(size),
      let word = parts[0].split(whereSeparator: { blanks.contains($0) }).last
    else { return nil }
    return Field(name: String(word.prefix { $0 != "[" }), offset: offset, size: size)
  }

  /// A field of 8 or 4 bytes in a sample's raw data; nil when the sample is too short or has no such field.
  public func value(_ name: String, in raw: [UInt8]) -> UInt64? {
    guard let field = fields.first(where: { $0.name == name }), field.offset + field.size <= raw.count else {
      return nil
    }
    return raw.withUnsafeBytes { bytes in
      switch field.size {
      case 8: bytes.loadUnaligned(fromByteOffset: field.offset, as: UInt64.self)
      case 4: UInt64(bytes.loadUnaligned(fromByteOffset: field.offset, as: UInt32.self))
      default: nil
      }
    }
  }
}
