import Model

/// A mark of an allocator that was found in a file.
public struct FoundMark: Hashable, Sendable {
  /// Whose mark it is.
  public let allocator: AllocatorID
  /// What was found, e.g. `symbol mallctl` or `byte signature`.
  public let mark: String
  /// Whether it is the byte signature, which stripping does not remove.
  public let isSignature: Bool

  /// States a mark.
  public init(allocator: AllocatorID, mark: String, isSignature: Bool) {
    self.allocator = allocator
    self.mark = mark
    self.isSignature = isSignature
  }
}

/// What a program's file tells about its allocator before it runs.
public struct StaticEvidence: Hashable, Sendable {
  /// The program.
  public var file: String
  /// Whether no dynamic linker is involved.
  public var isStatic: Bool
  /// Its dynamic linker.
  public var interpreter: String?
  /// Whether a dynamic program exports malloc, so that it comes before every library's, or a static one defines it.
  public var exportsMalloc: Bool
  /// Marks in the program itself.
  public var marks: [FoundMark]
  /// Marks in the dynamic linker, which for musl is the whole C library.
  public var interpreterMarks: [FoundMark]

  /// States evidence.
  public init(
    file: String, isStatic: Bool, interpreter: String?, exportsMalloc: Bool, marks: [FoundMark],
    interpreterMarks: [FoundMark]
  ) {
    self.file = file
    self.isStatic = isStatic
    self.interpreter = interpreter
    self.exportsMalloc = exportsMalloc
    self.marks = marks
    self.interpreterMarks = interpreterMarks
  }

  /// Looks for the marks of all allocators in a program.
  ///
  /// Throws: `TargetsError.notELF` or `file` when it cannot be read.
  public static func read(file path: String, allocators: [AllocatorSpec]) throws(TargetsError)
    -> StaticEvidence
  {
    let file = try ELFFile(path: path)
    var interpreterMarks: [FoundMark] = []
    if file.libc == .musl, let interpreter = file.interpreter, Files.exists(interpreter) {
      interpreterMarks = try marks(in: ELFFile(path: interpreter), allocators)
    }
    return StaticEvidence(
      file: path, isStatic: file.isStatic, interpreter: file.interpreter,
      exportsMalloc: try exportsMalloc(file), marks: try marks(in: file, allocators),
      interpreterMarks: interpreterMarks)
  }

  private static func exportsMalloc(_ file: ELFFile) throws(TargetsError) -> Bool {
    file.isStatic ? try !file.defined(among: ["malloc"]).isEmpty : try file.exports("malloc")
  }

  private static func marks(in file: ELFFile, _ allocators: [AllocatorSpec]) throws(TargetsError)
    -> [FoundMark]
  {
    let defined = Set(try file.defined(among: allocators.flatMap(\.marks.symbols)))
    let present = Set(try file.signatures(among: allocators.map(\.marks.signature)))
    var found: [FoundMark] = []
    for (index, allocator) in allocators.enumerated() {
      for symbol in allocator.marks.symbols where defined.contains(symbol) {
        found.append(FoundMark(allocator: allocator.id, mark: "symbol \(symbol)", isSignature: false))
      }
      if present.contains(index) {
        found.append(FoundMark(allocator: allocator.id, mark: "byte signature", isSignature: true))
      }
    }
    return found
  }
}
