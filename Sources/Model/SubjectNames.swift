/// Short names of workloads and arms that still tell them apart.
public struct SubjectNames: Sendable {
  private let subjects: Set<Subject>

  /// Prepares the subjects that occur together.
  public init(_ subjects: [Subject]) { self.subjects = Set(subjects) }

  /// The arm, or the workload with those of its parameters that differ: `larson threads=4`.
  public func name(of subject: Subject) -> String {
    if let arm = subject.arm { return arm }
    let others = subjects.filter { $0.workload == subject.workload }
    let telling = subject.parameters.filter { parameter in
      others.contains { !$0.parameters.contains(parameter) }
    }
    return ([subject.workload] + telling.map(\.description)).joined(separator: " ")
  }
}
