/// What a Go program's file tells about its runtime: where the variables of GODEBUG are, and how it was built.
public struct GoLayout: Hashable, Sendable {
  /// One field of the variable.
  public struct Field: Hashable, Sendable {
    /// From the beginning of the variable, in bytes.
    public var offset: UInt64
    /// How many bytes it has.
    public var size: Int

    /// States a field.
    public init(offset: UInt64, size: Int) {
      self.offset = offset
      self.size = size
    }
  }

  /// Address of the variable `runtime.debug` as the file states it; nil in a program without symbol table.
  public var address: UInt64?
  /// Whether the kernel loads it at another address than the file states, which then has to be added.
  public var isPositionIndependent: Bool
  /// Fields of `runtime.debug` by name, such as `madvdontneed`; empty without debug information.
  public var fields: [String: Field]
  /// Settings of the build by name: `GoVersion`, `CGO_ENABLED`, and where they were set `DefaultGODEBUG` and
  /// `GOEXPERIMENT`.
  public var build: [String: String]

  /// States a layout.
  public init(
    address: UInt64?, isPositionIndependent: Bool, fields: [String: Field], build: [String: String]
  ) {
    self.address = address
    self.isPositionIndependent = isPositionIndependent
    self.fields = fields
    self.build = build
  }
}
