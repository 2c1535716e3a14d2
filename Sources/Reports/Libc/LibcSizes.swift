import Model
import OrderedCollections

/// How large the programs are, variant by variant, and what is loaded besides.
struct LibcSizes {
  /// The programs of one variant.
  struct Row {
    let variant: Variant
    let smallest: BinarySize
    let largest: BinarySize
    let median: Bytes
  }

  let rows: [Row]
  /// Shared libraries among the files of the session: what a dynamic program leaves out of its own size.
  let libraries: [ArtifactRecord]

  /// Sorts sizes by variant, in order of appearance.
  init(_ report: LibcReport, session: Session) {
    rows = OrderedDictionary(grouping: report.sizes, by: \.variant).compactMap { variant, sizes in
      let sorted = sizes.sorted { $0.size < $1.size }
      guard let smallest = sorted.first, let largest = sorted.last else { return nil }
      return Row(
        variant: variant, smallest: smallest, largest: largest, median: sorted[sorted.count / 2].size)
    }
    libraries = session.artifacts.filter { file in
      let name = file.path.split(separator: "/").last ?? ""
      return file.kind == "allocator" && (name.hasSuffix(".so") || name.contains(".so."))
    }
  }

  /// Headings of the table.
  static let titles = ["variant", "median", "smallest", "", "largest", ""]

  /// One row in words: sizes with the workloads that have them.
  static func cells(_ row: Row) -> [String] {
    let one = row.smallest.size == row.largest.size
    return [
      row.variant.shortName, FigureText.text(row.median), FigureText.text(row.smallest.size),
      one ? "" : row.smallest.subject.workload, FigureText.text(row.largest.size),
      one ? "" : row.largest.subject.workload,
    ]
  }

  /// What sizes mean, and what is not in them.
  var notes: [NoteSection.Note] {
    let meaning = NoteSection.Note(
      lead: "size",
      text:
        "of the executable as built here, with symbols and debugging information, which are not loaded; a "
        + "preloaded allocator leaves the file as it is")
    return [meaning]
      + libraries.map {
        NoteSection.Note(
          lead: "loaded besides", text: FigureText.text($0.size), verbatim: [$0.path, $0.origin])
      }
  }
}
