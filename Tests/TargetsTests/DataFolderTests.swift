import Foundation
import Glibc
import Testing

@testable import Targets

@Suite struct DataFolderTests {
  private func prepare(_ folder: String, _ names: [String]) throws {
    for name in names { try Files.write("", to: "\(folder)/\(name)", makingParents: true) }
  }

  @Test func `the checkout around the binary is found, with its own folders`() async throws {
    try await Workspace.temporary { folder in
      try prepare(folder, ["Workloads/support/workload.h", ".build/debug/heapscale"])
      let found = try DataFolder.locate(
        environment: ["HOME": "/home/x"], executable: folder + "/.build/debug/heapscale")
      let root = Files.resolved(folder)
      #expect(found.checkout == root)
      #expect(found.workloads == root + "/Workloads")
      #expect(
        [found.tools, found.cache, found.results] == ["/.tools", "/.cache", "/Results"].map { root + $0 })
    }
  }

  @Test func `an installed binary takes its data from share and keeps its own in the user's folders`()
    async throws
  {
    try await Workspace.temporary { folder in
      try prepare(folder, ["share/heapscale/Workloads/support/workload.h", "bin/heapscale"])
      let found = try DataFolder.locate(
        environment: ["HOME": "/home/x", "XDG_CACHE_HOME": "/var/c", "XDG_DATA_HOME": "not/absolute"],
        executable: folder + "/bin/heapscale")
      #expect(found.checkout == nil)
      #expect(found.workloads == Files.resolved(folder) + "/share/heapscale/Workloads")
      #expect(found.cache == "/var/c/heapscale")
      #expect(found.tools == "/home/x/.local/share/heapscale/tools")
      #expect(found.results == "/home/x/.local/state/heapscale")
    }
  }

  @Test func `without HOME the user database names the home folder, never a place that all may write`()
    async throws
  {
    try await Workspace.temporary { folder in
      try prepare(folder, ["share/heapscale/Workloads/support/workload.h", "bin/heapscale"])
      for environment in [[:], ["HOME": ""], ["HOME": "relative"]] {
        let found = try DataFolder.locate(environment: environment, executable: folder + "/bin/heapscale")
        #expect(!found.cache.hasPrefix("/tmp/.cache"))
        let home = String(cString: getpwuid(geteuid()).pointee.pw_dir)
        if access(home, W_OK) == 0 { #expect(found.cache == "\(home)/.cache/heapscale") }
      }
    }
  }

  @Test func `folders of programs that others may write into are refused, with what to do`() async throws {
    try await Workspace.temporary { folder in
      try prepare(folder, ["data/Workloads/support/workload.h"])
      try Files.makeFolder(folder + "/own")
      try Files.makeFolder(folder + "/open")
      chmod(folder + "/open", 0o777)
      func locate(_ variable: String, _ path: String) throws(TargetsError) -> DataFolder {
        try DataFolder.locate(
          environment: ["HEAPSCALE_DATA": folder + "/data", "HOME": folder, variable: folder + path],
          executable: folder + "/heapscale")
      }
      #expect(try locate("HEAPSCALE_CACHE", "/own").cache == folder + "/own")
      for variable in ["HEAPSCALE_CACHE", "HEAPSCALE_TOOLS"] {
        for path in ["/open", "/open/below"] {
          let error = #expect(throws: TargetsError.self) { try locate(variable, path) }
          #expect(error?.description.contains("set \(variable) to a folder of your own") == true)
        }
      }
    }
  }

  @Test(.enabled(if: geteuid() == 0, "needs root: folders are given to another user"))
  func `a folder of programs that belongs to another user is refused`() async throws {
    try await Workspace.temporary { folder in
      try prepare(folder, ["data/Workloads/support/workload.h"])
      try Files.makeFolder(folder + "/laid/heapscale")
      chown(folder + "/laid", 65_534, 65_534)
      let environment = [
        "HEAPSCALE_DATA": folder + "/data", "XDG_CACHE_HOME": folder + "/laid", "HOME": folder,
      ]
      let error = #expect(throws: TargetsError.self) {
        try DataFolder.locate(environment: environment, executable: folder + "/heapscale")
      }
      #expect(error?.description.contains("belongs to user 65534") == true)
    }
  }

  @Test func `variables come first`() async throws {
    try await Workspace.temporary { folder in
      try prepare(
        folder, ["data/Workloads/support/workload.h", "Workloads/support/workload.h", "b/heapscale"])
      let found = try DataFolder.locate(
        environment: [
          "HEAPSCALE_DATA": folder + "/data", "HEAPSCALE_TOOLS": "/t", "HEAPSCALE_CACHE": "/c",
          "HEAPSCALE_RESULTS": "/r",
        ], executable: folder + "/b/heapscale")
      #expect(found.workloads == folder + "/data/Workloads")
      #expect([found.tools, found.cache, found.results] == ["/t", "/c", "/r"])
    }
  }

  @Test func `a data folder without workloads is an error, not a reason to take another one`() async throws {
    try await Workspace.temporary { folder in
      try prepare(folder, ["Workloads/support/workload.h", "b/heapscale"])
      #expect(throws: TargetsError.dataFolderMissing(searched: ["/nowhere"])) {
        try DataFolder.locate(
          environment: ["HEAPSCALE_DATA": "/nowhere"], executable: folder + "/b/heapscale")
      }
    }
  }
}
