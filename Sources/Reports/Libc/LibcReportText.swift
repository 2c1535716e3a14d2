import Model

/// The libc report in words and tables: effects of libc, linkage and allocator, apart from each other.
public enum LibcReportText {
  /// For a terminal of the options' width: sentences, a table of changes for each pair, sizes, notes.
  ///
  /// What does not fit is left out and named. Of the options only width and colour apply.
  public static func terminal(_ report: LibcReport, session: Session, options: ReportOptions) -> String {
    let page = LibcTerminal(report: report, session: session, options: options)
    return page.lines.map { $0.replacing("\u{A0}", with: " ").trimmingTrailingSpaces }
      .joined(separator: "\n") + "\n"
  }

  /// In GitHub's Markdown, with the interval of every change.
  public static func markdown(_ report: LibcReport, session: Session) -> String {
    LibcMarkdown(report: report, session: session).lines.joined(separator: "\n") + "\n"
  }

  /// For programs, schema `heapscale-libc/1`:
  ///
  ///     {"schema", "session": {…}, "metrics": ["peak_resident", …],
  ///      "effects": [{"factor", "title", "pairs": [{"baseline", "candidate", "workloads", "confounds"}],
  ///                   "judgements": […], "means": […], "sentences": […], "warnings": […]}],
  ///      "sizes": [{"workload", "parameters", "variant", "bytes"}],
  ///      "libraries": [{"path", "bytes", "origin"}], "noise": […]}
  ///
  /// `session`, `judgements` and `means` are those of heapscale/2 and heapscale-comparison/1.
  public static func json(_ report: LibcReport, session: Session) -> String {
    LibcJSON(report: report, session: session).document.text() + "\n"
  }
}

extension VariantFactor {
  /// What is compared, as a heading.
  var heading: String {
    switch self {
    case .libcWithAllocator: "Only the libc changes, each with its own allocator"
    case .libcAlone: "Only the libc changes, with the same allocator"
    case .linkage: "Only the linkage changes"
    case .allocator: "Only the allocator changes"
    }
  }

  /// What the effect is made of, in a sentence or two.
  var explanation: String {
    switch self {
    case .libcWithAllocator:
      "The same sources built against either libc, with the same linkage and the allocator that each libc comes with: "
        + "what a move to musl changes."
    case .libcAlone:
      "Another allocator, the same on both sides, serves malloc: what is left is the libc's own part."
    case .linkage:
      "The same libc and allocator, linked into a static program, or preloaded, instead of linked as a shared library."
    case .allocator:
      "The same libc and linkage; a preloaded allocator stands against the same file without preload."
    }
  }

  /// What to measure for it, where nothing was.
  var remedy: String {
    switch self {
    case .libcWithAllocator: "--variant glibc/static --variant musl/static"
    case .libcAlone: "--variant glibc/static/tcmalloc-minimal --variant musl/static/tcmalloc-minimal"
    case .linkage: "--variant glibc/dynamic --variant glibc/static"
    case .allocator: "--variant glibc/dynamic --variant glibc/dynamic/jemalloc"
    }
  }
}
