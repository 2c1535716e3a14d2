import Model
import Probes
import Targets

/// What a trial proves about the allocators of its processes.
public struct TrialProof: Sendable {
  /// Which allocator served malloc in what matters.
  public var identity: Identity
  /// The processes, each with the allocators of its images; empty for workloads of ours.
  public var processes: [ProcessRecord] = []
  /// What is worth telling of its processes: those that could not start, or crashed.
  public var remarks: [String] = []

  /// States a proof.
  public init(identity: Identity, processes: [ProcessRecord] = [], remarks: [String] = []) {
    self.identity = identity
    self.processes = processes
    self.remarks = remarks
  }
}

/// Judges all processes of a tree together.
///
/// A cell is verified when nearly everything that its tree held was held by images that the allocator served, and each
/// process of some size was served by it. Small programs that only start others do not count; an image that was replaced
/// by exec before anybody could look says nothing.
struct TreeJudge {
  /// The share of the tree's residence over time that must be served by the allocator.
  static let share = 0.95
  /// A process above this peak is looked at by itself.
  static let peak = Bytes(1 << 20)

  let judge: IdentityJudge
  let files: ImageFiles
  /// The allocator that is preloaded; nil for a program as it is, of which nothing is claimed.
  let expected: AllocatorID?

  /// The proof of a trial with these processes.
  func judge(_ sights: [ProcessSight]) -> TrialProof {
    guard !sights.isEmpty else {
      return TrialProof(
        identity: Identity(allocator: nil, evidence: ["nobody saw its processes"], verified: false))
    }
    var found: [JudgedProcess] = []
    let end =
      sights.compactMap(\.ended).max() ?? sights.flatMap(\.images).map(\.began).max() ?? Nanoseconds(0)
    for sight in sights {
      let parent = found.last { $0.sight.pid == sight.parent && $0.sight.began <= sight.began }
      found.append(judge(sight, parent: parent, end: end))
    }
    let weights = Weights(found)
    let reasons = doubts(found, weights)
    let allocator = main(found, weights)
    let identity = Identity(
      allocator: allocator, evidence: reasons + ProcessEvidenceText.lines(found, weights),
      verified: reasons.isEmpty && allocator != nil)
    return TrialProof(
      identity: identity, processes: records(found, weights), remarks: found.compactMap(\.remark))
  }

  // MARK: - one process

  private func judge(_ sight: ProcessSight, parent: JudgedProcess?, end: Nanoseconds) -> JudgedProcess {
    let last = max(sight.ended ?? end, sight.images.last?.began ?? sight.began)
    var images: [JudgedImage] = []
    for (index, image) in sight.images.enumerated() {
      let next = index + 1 < sight.images.count ? sight.images[index + 1].began : last
      var finding = judge.judge(image.evidence, expecting: expected, files: files.evidence)
      var path = image.evidence.path
      // A fork's first image is its parent's, which may have been seen when this one was not.
      if index == 0, finding.unknown != nil, let copied = parent?.image(at: sight.began) {
        finding = copied.finding
        path = copied.path
      }
      images.append(
        JudgedImage(
          path: path, began: image.began, duration: max(0, next.seconds - image.began.seconds),
          isUnfinished: image.evidence.allocation == .unknown(ImageEvidence.unfinishedLinker),
          finding: finding,
          isServed: isServed(finding, path)))
    }
    return JudgedProcess(sight: sight, images: images)
  }

  /// A program that brings a build of the same allocator within itself is not served by the library.
  private func isServed(_ finding: ImageFinding, _ path: String) -> Bool {
    guard let expected else { return finding.unknown == nil && finding.allocator != nil }
    return finding.allocator == expected && finding.file != path
  }

  // MARK: - the tree

  /// Why the tree is not verified, the gravest first; empty when it is.
  private func doubts(_ found: [JudgedProcess], _ weights: Weights) -> [String] {
    var reasons: [String] = []
    for process in found {
      if expected != nil, let start = process.failedStart {
        reasons.append(start)
        continue
      }
      guard let image = process.doubtful, matters(process, weights) else { continue }
      reasons.append(reason(image, process))
    }
    if reasons.isEmpty, weights.served < TreeJudge.share {
      let parts = found.flatMap { process in process.images.map { (process, $0) } }
        .filter { !$0.1.isServed && $0.1.finding.unknown == nil }
      reasons = parts.map { reason($0.1, $0.0) }
      if reasons.isEmpty {
        let percent = Int(nearest: (weights.served * 100).rounded(.down))
        reasons = ["only \(percent) % of what its processes held could be looked at"]
      }
    }
    var seen: Set<String> = []
    return reasons.filter { seen.insert($0).inserted }
  }

  private func matters(_ process: JudgedProcess, _ weights: Weights) -> Bool {
    let share = weights.share(of: process)
    if share > 1 - TreeJudge.share { return true }
    guard let peak = process.sight.peakResident, peak > TreeJudge.peak else { return false }
    return !Launchers.contain(process.images.last?.path ?? "")
  }

  private func reason(_ image: JudgedImage, _ process: JudgedProcess) -> String {
    let name = image.name
    if let unknown = image.finding.unknown { return "nobody could look into \(name): \(unknown)" }
    guard expected != nil else { return "nothing that is known serves malloc in \(name)" }
    return "\(name) ran without it"
  }

  /// The allocator that served most.
  private func main(_ found: [JudgedProcess], _ weights: Weights) -> AllocatorID? {
    var sums: [AllocatorID: Double] = [:]
    for process in found {
      for image in process.images {
        guard let allocator = image.finding.allocator else { continue }
        sums[allocator, default: 0] += weights.weight(of: image, in: process)
      }
    }
    return sums.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  private func records(_ found: [JudgedProcess], _ weights: Weights) -> [ProcessRecord] {
    found.map { process in
      let sight = process.sight
      return ProcessRecord(
        pid: sight.pid, parent: sight.parent, began: sight.began, ended: sight.ended,
        images: process.images.map { image in
          ProcessRecord.Image(
            path: image.path, began: image.began,
            identity: Identity(
              allocator: image.finding.allocator,
              evidence: image.finding.evidence + (image.finding.unknown.map { [$0] } ?? []),
              verified: image.isServed))
        },
        peakResident: sight.peakResident, cpu: sight.cpu, status: sight.status,
        residentShare: weights.residentShare(of: process), arguments: sight.arguments)
    }
  }
}
