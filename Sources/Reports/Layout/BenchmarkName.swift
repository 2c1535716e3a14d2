import Model

/// A cell's name in Go's benchmark format: `BenchmarkLarson/alloc=musl/linkage=static/threads=4/libc=musl`.
struct BenchmarkName {
  private let cell: Cell
  private let isProved: Bool

  /// Prepares a cell; `isProved` tells whether its allocator is known to have served malloc.
  init(_ cell: Cell, isProved: Bool) {
    self.cell = cell
    self.isProved = isProved
  }

  /// The name without spaces.
  ///
  /// The part about the C library is the last: what ends in `-4` would be read as the number of processors.
  var text: String {
    let variant = cell.variant
    let parts: [(key: String, value: String?)] =
      [
        ("arm", cell.subject.arm), ("alloc", variant.allocator.rawValue),
        ("linkage", variant.linkage.rawValue),
        ("cgo", variant.cgo.map { "\($0)" }), ("arch", variant.foreignArchitecture),
        ("settings", cell.settings.name),
      ] + cell.subject.parameters.map { ($0.name, Quantity.text($0.value, as: $0.type)) }
      + [("proved", isProved ? nil : "no"), ("libc", variant.libc.rawValue)]
    let written = parts.compactMap { part in
      part.value.map { "/\(BenchmarkName.encoded(part.key))=\(BenchmarkName.encoded($0))" }
    }
    return "Benchmark" + capitalised(BenchmarkName.encoded(cell.subject.workload)) + written.joined()
  }

  private func capitalised(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

  /// Percent-encodes what ends a name or one of its parts.
  private static func encoded(_ text: String) -> String {
    Visible.text(text).mappingScalars { scalar in
      switch scalar {
      case "%": "%25"
      case "/": "%2F"
      case "=": "%3D"
      default: scalar.properties.isWhitespace ? hex(scalar) : nil
      }
    }
  }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf8.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }
}
