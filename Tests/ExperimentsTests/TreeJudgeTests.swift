import Model
import Probes
import Targets
import Testing

@testable import Experiments

/// Trees of processes as they were seen, judged together.
@Suite struct TreeJudgeTests {
  private static let glibc = "/usr/lib/x86_64-linux-gnu/libc.so.6"
  private static let jemalloc = "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"

  private func judge(_ sights: [ProcessSight], expected: AllocatorID? = "jemalloc") throws -> TrialProof {
    let folder = try DataFolder.locate(
      environment: ["HEAPSCALE_DATA": ProcessInfo.root], executable: "/nowhere/heapscale")
    let allocators = try Catalogue.load(from: folder).allocators
    return TreeJudge(
      judge: IdentityJudge(allocators: allocators), files: ImageFiles(allocators: allocators),
      expected: expected
    ).judge(sights)
  }

  private func image(_ path: String, _ allocation: ImageEvidence.Allocation, at seconds: Double = 0)
    -> ProcessSight.Image
  {
    ProcessSight.Image(
      began: Nanoseconds(seconds: seconds), evidence: ImageEvidence(path: path, allocation: allocation))
  }

  private func served(_ path: String, by file: String = Self.jemalloc, at seconds: Double = 0)
    -> ProcessSight.Image
  {
    image(path, .resolved(malloc: file, free: file), at: seconds)
  }

  private func process(
    _ pid: Int32, _ parent: Int32, _ images: [ProcessSight.Image], peak: Int64 = 8 << 20, area: Double = 1,
    ended: Double = 10, status: Int32 = 0
  ) -> ProcessSight {
    ProcessSight(
      pid: pid, parent: parent, began: images[0].began, ended: Nanoseconds(seconds: ended), images: images,
      peakResident: Bytes(peak), status: status, residentArea: area)
  }

  @Test func `one process that the allocator served is verified, with where malloc is`() throws {
    let proof = try judge([process(1, 0, [served("/bin/sort")])])
    #expect(proof.identity.verified && proof.identity.allocator == "jemalloc")
    #expect(proof.identity.evidence == ["malloc is in \(Self.jemalloc)", "free is in \(Self.jemalloc)"])
    #expect(proof.processes.count == 1 && proof.processes[0].images[0].identity.verified)
    #expect(proof.processes[0].residentShare == 1)
  }

  @Test func `a child that ran without it makes the cell not verified`() throws {
    let proof = try judge([
      process(1, 0, [served("/bin/sh")]),
      process(
        2, 1,
        [served("/bin/sh"), served("/bin/env", at: 0.01), served("/opt/worker", by: Self.glibc, at: 0.02)],
        area: 30),
    ])
    #expect(!proof.identity.verified)
    #expect(proof.identity.evidence.first == "worker ran without it")
    #expect(proof.identity.allocator == "glibc")
    #expect(proof.processes[1].images.map(\.identity.verified) == [true, true, false])
  }

  @Test func `a process above 1 MiB is looked at by itself, one below only by its share`() throws {
    let small = [served("/opt/small", by: Self.glibc)]
    func verified(_ peak: Int64, _ area: Double) throws -> Bool {
      try judge([process(1, 0, [served("/bin/sh")], area: 100), process(2, 1, small, peak: peak, area: area)])
        .identity.verified
    }
    #expect(try verified(1 << 19, 1))
    #expect(try !verified(2 << 20, 1))
    #expect(try !verified(1 << 19, 10))
  }

  @Test func `many small processes without it are as bad as a large one`() throws {
    let small = (2..<12).map {
      process($0, 1, [served("/opt/small", by: Self.glibc)], peak: 1 << 19, area: 1)
    }
    let proof = try judge([process(1, 0, [served("/bin/sh")], area: 90)] + small)
    #expect(!proof.identity.verified)
    #expect(proof.identity.evidence.first == "small ran without it")
  }

  @Test func `launchers are no reason to doubt, whatever serves them`() throws {
    let proof = try judge([
      process(1, 0, [image("/usr/bin/tini-static", .withoutLinker)], peak: 2 << 20, area: 2),
      process(2, 1, [image("/usr/sbin/gosu", .withoutLinker), served("/opt/app", at: 0.1)], area: 100),
    ])
    #expect(proof.identity.verified && proof.identity.allocator == "jemalloc")
  }

  @Test func `a launcher that holds much is measured, and so is to be served`() throws {
    let proof = try judge([
      process(1, 0, [image("/usr/bin/xargs", .withoutLinker)], area: 50),
      process(2, 1, [served("/opt/app")], area: 50),
    ])
    #expect(proof.identity.evidence.first == "xargs ran without it")
  }

  @Test func `an image that was replaced before anybody looked says nothing`() throws {
    let gone = ImageEvidence.Allocation.unknown("replaced by exec before anybody looked")
    let proof = try judge([
      process(1, 0, [image("/opt/run", gone), served("/opt/app", at: 0.05)])
    ])
    #expect(proof.identity.verified)
    let long = try judge([process(1, 0, [image("/opt/run", gone), served("/opt/app", at: 8)])])
    #expect(!long.identity.verified)
  }

  @Test func `a fork's first image is its parent's at that time`() throws {
    let gone = ImageEvidence.Allocation.unknown("replaced by exec before anybody looked")
    let proof = try judge([
      process(1, 0, [served("/bin/sh")]),
      process(2, 1, [image("", gone, at: 1), served("/opt/app", at: 9)], area: 50),
    ])
    #expect(proof.identity.verified)
    #expect(proof.processes[1].images[0].path == "/bin/sh")
  }

  @Test func `where nobody could look the reason is told, and not that it did not serve`() throws {
    let proof = try judge([process(1, 0, [image("/opt/closed", .unknown("nobody may look into it"))])])
    #expect(!proof.identity.verified && proof.identity.allocator == nil)
    #expect(proof.identity.evidence == ["nobody could look into closed: nobody may look into it"])
    #expect(try !judge([]).identity.verified)
  }

  @Test func `a child that its dynamic linker gave up makes the cell not verified, however small`() throws {
    let proof = try judge([
      process(1, 0, [served("/bin/sh")], area: 100),
      process(
        2, 1,
        [served("/bin/sh"), image("/opt/worker-musl", .unknown(ImageEvidence.unfinishedLinker), at: 0.1)],
        peak: 1 << 18, area: 0.001, status: 127 << 8),
    ])
    #expect(!proof.identity.verified)
    #expect(
      proof.identity.evidence.first
        == "worker-musl could not start: its dynamic linker gave up (exit code 127)")
    #expect(proof.remarks == ["worker-musl could not start: its dynamic linker gave up (exit code 127)"])
  }

  @Test func `children that crash or find no program are told of`() throws {
    let proof = try judge([
      process(1, 0, [served("/bin/sh")]), process(2, 1, [served("/bin/sh")], status: 127 << 8),
      process(3, 1, [served("/opt/app")], status: 11), process(4, 1, [served("/opt/app")], status: 1 << 8),
    ])
    #expect(proof.identity.verified)
    #expect(
      proof.remarks == [
        "a process of sh ended with exit code 127: a program or one of its libraries was not found",
        "a process of app was ended by SIGSEGV",
      ])
  }

  @Test func `a build of the same allocator within the program is not the library's`() throws {
    let proof = try judge([process(1, 0, [served("/opt/libjemalloc.so-app", by: "/opt/libjemalloc.so-app")])])
    #expect(!proof.identity.verified)
  }

  @Test func `a program as it is goes by what served most of it`() throws {
    let proof = try judge(
      [
        process(1, 0, [served("/bin/sh", by: Self.glibc)]),
        process(2, 1, [served("/usr/bin/redis-server")], area: 90),
      ], expected: nil)
    #expect(proof.identity.verified && proof.identity.allocator == "jemalloc")
    #expect(proof.identity.evidence.contains { $0.hasPrefix("sh: malloc is in \(Self.glibc)") })
  }

  @Test func `without a curve the peaks weigh`() throws {
    let proof = try judge([
      process(1, 0, [served("/bin/sh")], peak: 99 << 20, area: 0),
      process(2, 1, [served("/opt/x", by: Self.glibc)], peak: 1 << 20, area: 0),
    ])
    #expect(proof.identity.verified && proof.processes[0].residentShare == nil)
    let odd = try judge([
      process(1, 0, [served("/bin/sh")], area: .nan), process(2, 1, [served("/opt/x")], area: -1),
    ])
    #expect(odd.identity.verified)
  }
}

private enum ProcessInfo {
  /// The folder that holds `Workloads`.
  static let root: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()
}
