import Foundation
import Glibc
import Testing

@testable import Probes

/// Which files of this machine name the addresses of a profile that was written earlier.
@Suite struct StatedMappingTests {
  private static let source = "int main(int argc, char **argv) { return argc > 9; }\n"

  private func program(_ name: String, _ options: [String]) throws -> (path: String, image: ELFImage) {
    let path = try TargetPrograms.shared.program(name, Self.source, by: ["cc"] + options)
    return (path, try #require(MappedBytes(path: path).flatMap(ELFImage.init)))
  }

  /// The mapping of a program's code as the kernel makes it.
  private func code(_ path: String, _ image: ELFImage) throws -> MappedRegion {
    let segment = try #require(image.segments.first { $0.isExecutable })
    let length = ((segment.address & 4095) + segment.fileLength + 4095) & ~4095
    return MappedRegion(
      pid: 0, start: 0x5555_0000_0000, length: length, fileOffset: segment.fileOffset & ~4095, path: path,
      isExecutable: true)
  }

  @Test func `a build-id decides`() throws {
    let (path, image) = try program("identified", ["-Wl,--build-id=sha1"])
    let id = try #require(image.buildID)
    #expect(id.count == 40)
    var region = try code(path, image)
    // Go says nothing of the place in the file.
    region.length = 1
    let same = StatedFiles([StatedMapping(region: region, buildID: id.uppercased())], writtenAt: 0)
    #expect(same.refusal(of: path) == nil)
    let other = StatedFiles(
      [StatedMapping(region: try code(path, image), buildID: String(repeating: "a", count: 40))],
      writtenAt: nil)
    #expect(other.refusal(of: path)?.contains("another build") == true)
  }

  @Test func `without a build-id path, mapping and age must agree`() throws {
    let (path, image) = try program("plain", ["-Wl,--build-id=none"])
    #expect(image.buildID == nil)
    let region = try code(path, image)
    var status = stat()
    #expect(stat(path, &status) == 0)
    func refusal(_ region: MappedRegion, inode: UInt64? = nil, _ writtenAt: Double?) -> String? {
      StatedFiles([StatedMapping(region: region, inode: inode)], writtenAt: writtenAt).refusal(
        of: region.path)
    }
    #expect(refusal(region, nil) == nil)
    #expect(refusal(region, Double(status.st_mtim.tv_sec) + 10) == nil)
    #expect(refusal(region, Double(status.st_mtim.tv_sec) - 10)?.contains("after the profile") == true)
    #expect(refusal(region, inode: UInt64(status.st_ino), Double(status.st_mtim.tv_sec) - 10) == nil)
    var larger = region
    larger.length += 4096
    #expect(refusal(larger, nil)?.contains("another file") == true)
    var moved = region
    moved.fileOffset += 4096
    #expect(refusal(moved, nil)?.contains("another file") == true)
    var gone = region
    gone.path = "/nonexistent/plain"
    #expect(refusal(gone, nil)?.contains("not on this machine") == true)
  }

  @Test func `refused files keep their name and lend no symbols`() throws {
    let (path, image) = try program("named", ["-Wl,--build-id=none", "-g"])
    var region = try code(path, image)
    let main = try #require(SymbolsOfMain.address(path))
    let place = region.start + main - (image.segments.first { $0.isExecutable }?.address ?? 0) + 1
    let good = AddressNamer(mappings: [StatedMapping(region: region)])
    #expect(good.frames(at: place).last?.function == "main")
    #expect(good.isVerified(path) && good.notes.isEmpty)
    region.length += 4096
    let bad = AddressNamer(mappings: [StatedMapping(region: region)])
    let frame = try #require(bad.frames(at: place).first)
    #expect(frame.function == "[unknown]" && frame.object == path && frame.role == .unknown)
    #expect(!bad.isVerified(path) && bad.notes.count == 1)
    #expect(bad.frames(at: 1).isEmpty)
  }

  private enum SymbolsOfMain {
    /// The address of main in a file, by nm.
    static func address(_ path: String) -> UInt64? {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["nm", path]
      process.standardOutput = pipe
      guard (try? process.run()) != nil else { return nil }
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let line = text.split(separator: "\n").first { $0.hasSuffix(" T main") }
      return line.flatMap { UInt64($0.prefix { $0 != " " }, radix: 16) }
    }
  }
}
