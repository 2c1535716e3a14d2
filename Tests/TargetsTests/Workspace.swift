import Foundation
import Model
import Testing

@testable import Targets

/// Folders and programs that the tests of this module share.
enum Workspace {
  /// The checkout that these tests stand in.
  static let checkout: String = {
    var folder = parentFolder(#filePath)
    while !Files.exists(folder + "/Package.swift") && folder != "/" { folder = parentFolder(folder) }
    return folder
  }()

  /// The data folder of this checkout, with its tools and cache.
  static func dataFolder(_ extra: [String: String] = [:]) throws -> DataFolder {
    var environment = ProcessInfo.processInfo.environment
    for (name, value) in extra { environment[name] = value }
    return try DataFolder.locate(
      environment: environment, executable: checkout + "/.build/debug/heapscale")
  }

  /// A folder that is removed when `body` is done.
  static func temporary<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = try Files.makePrivateFolder(in: NSTemporaryDirectory() + "heapscale-tests")
    defer { folder.remove() }
    return try await body(folder.path)
  }

  /// A workload of a few allocations, written to a folder.
  static func tinyWorkload(in parent: String, cxx: Bool = false) throws -> WorkloadSpec {
    let id = cxx ? "tiny-cxx" : "tiny"
    let folder = "\(parent)/\(id)"
    let source = cxx ? "tiny.cpp" : "tiny.c"
    try Files.makeFolder(folder)
    try Files.write(cxx ? cxxSource : cSource, to: "\(folder)/\(source)")
    return WorkloadSpec(
      id: id, title: "Tiny", pattern: "Allocates and frees.", exposes: "nothing", reference: "none",
      analysis: "None.", isControl: false, folder: folder, sources: [source], parameters: [])
  }

  /// Prints where malloc is, then works.
  private static let cSource = """
    #include "workload.h"
    int main(int argc, char **argv) {
      hs_start(argc, argv);
      printf("malloc=%s free=%s\\n", hs_page_->malloc_file, hs_page_->free_file);
      uint64_t sum = 0;
      for (int i = 0; i < 100000; i++) {
        unsigned char *p = (unsigned char *)hs_malloc(64 + i % 512);
        p[0] = (unsigned char)i;
        sum += p[0];
        hs_free(p, 64 + i % 512);
      }
      FILE *maps = fopen("/proc/self/maps", "r");
      char line[4096];
      while (maps && fgets(line, sizeof line, maps)) fputs(line, stdout);
      uint64_t expected = 0;
      for (int i = 0; i < 100000; i++) expected += (unsigned char)i;
      return hs_finish(sum, expected);
    }

    """

  private static let cxxSource = """
    #include "workload.h"
    #include <memory>
    #include <vector>
    int main(int argc, char **argv) {
      hs_start(argc, argv);
      printf("malloc=%s free=%s\\n", hs_page_->malloc_file, hs_page_->free_file);
      std::vector<std::unique_ptr<int>> numbers;
      for (int i = 0; i < 1000; i++) numbers.push_back(std::make_unique<int>(i));
      uint64_t sum = 0;
      for (auto &number : numbers) sum += (uint64_t)*number;
      try {
        throw sum;
      } catch (uint64_t caught) {
        return hs_finish(caught, 499500);
      }
    }

    """
}
