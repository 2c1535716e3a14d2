import Model

/// The libc report for programs.
struct LibcJSON {
  let report: LibcReport
  let session: Session

  /// Keys stand in a fixed order; changes are shares, sizes bytes.
  var document: JSONText {
    .object([
      ("schema", .string("heapscale-libc/1")),
      ("session", SessionJSON(session: session).value),
      ("metrics", .strings(report.metrics.map(\.id.rawValue))),
      ("effects", .array(report.effects.map(effect))),
      ("sizes", .array(report.sizes.map(size))),
      ("libraries", .array(LibcSizes(report, session: session).libraries.map(library))),
      ("noise", .strings(report.noise)),
    ])
  }

  private func effect(_ effect: FactorEffect) -> JSONText {
    let comparison = effect.comparison
    return .object([
      ("factor", .string(effect.factor.rawValue)),
      ("title", .string(effect.factor.heading)),
      ("pairs", .array(effect.pairs.map(pair))),
      ("judgements", .array((comparison?.judgements ?? []).map(JudgementJSON.value))),
      ("means", .array((comparison?.means ?? []).map(JudgementJSON.mean))),
      ("sentences", .strings(comparison?.sentences ?? [])),
      ("warnings", .strings(comparison?.warnings ?? [])),
    ])
  }

  private func pair(_ pair: VariantPair) -> JSONText {
    .object([
      ("baseline", .string(pair.baseline.description)),
      ("candidate", .string(pair.candidate.description)),
      ("workloads", .integer(Int64(pair.workloads))),
      ("confounds", .strings(pair.confounds)),
    ])
  }

  private func size(_ size: BinarySize) -> JSONText {
    .object(
      SessionJSON.subject(size.subject) + [
        ("variant", .string(size.variant.description)), ("bytes", .integer(size.size.count)),
      ])
  }

  private func library(_ file: ArtifactRecord) -> JSONText {
    .object([
      ("path", .string(file.path)), ("bytes", .integer(file.size.count)), ("origin", .string(file.origin)),
    ])
  }
}
