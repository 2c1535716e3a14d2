/// What a Go program's file tells about its runtime: where its variables are, and how it was built.
public struct GoLayout: Hashable, Sendable {
  /// One variable, or one field of one.
  public struct Field: Hashable, Sendable {
    /// Where it is, as the file states it.
    public var address: UInt64
    /// How many bytes it has.
    public var size: Int

    /// States a field.
    public init(address: UInt64, size: Int) {
      self.address = address
      self.size = size
    }
  }

  /// Whether the kernel loads it at another address than the file states, which then has to be added.
  public var isPositionIndependent: Bool
  /// Fields of `runtime.debug` by name, such as `madvdontneed`, and other variables by their whole name, such as
  /// `runtime.gomaxprocs`; empty in a program without symbol table or debug information.
  public var fields: [String: Field]
  /// Settings of the build by name: `GoVersion`, `CGO_ENABLED`, and where they were set `DefaultGODEBUG` and
  /// `GOEXPERIMENT`.
  public var build: [String: String]

  /// States a layout.
  public init(isPositionIndependent: Bool, fields: [String: Field], build: [String: String]) {
    self.isPositionIndependent = isPositionIndependent
    self.fields = fields
    self.build = build
  }
}
