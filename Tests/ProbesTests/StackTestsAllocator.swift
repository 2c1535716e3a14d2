import Model
import Testing

@testable import Probes

/// Which frames are the allocator's.
@Suite struct StackTestsAllocator {
  /// A stack by functions, each optionally with `@object`.
  private func marked(_ names: [String], _ code: AllocatorCode = AllocatorCode()) -> [String] {
    var frames = names.map { name in
      let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
      return Frame(function: parts[0], object: parts.count > 1 ? parts[1] : "/bin/program")
    }
    code.mark(&frames)
    return frames.foldingAllocator().map(\.function)
  }

  @Test func `what an entry point calls is inside the allocator`() {
    #expect(marked(["sysmalloc", "_int_malloc", "malloc", "b", "main"]) == ["[allocator]", "b", "main"])
    #expect(
      marked(["sbrk", "tcmalloc::PageHeap::Grow(unsigned long)", "tc_malloc", "b"]) == ["[allocator]", "b"])
    #expect(marked(["memset", "__libc_calloc", "b"]) == ["[allocator]", "b"])
  }

  @Test func `entry points that call each other are one frame, and a container between stays`() {
    #expect(
      marked([
        "_int_malloc", "malloc", "operator new(unsigned long)", "std::vector<int>::reserve(unsigned long)",
        "main",
      ]) == ["[allocator]", "std::vector<int>::reserve(unsigned long)", "main"])
    #expect(
      marked(["runtime.memclrNoHeapPointers", "runtime.mallocgc", "runtime.makeslice", "main.main"])
        == ["[allocator]", "main.main"])
  }

  @Test func `user code that touches memory is not the allocator's`() {
    #expect(marked(["memset", "b", "main"]) == ["memset", "b", "main"])
    #expect(marked(["malloc_report", "free_list", "main"]) == ["malloc_report", "free_list", "main"])
  }

  @Test func `a stack that allocates at both ends is folded at the inner end only`() {
    #expect(
      marked(["page", "malloc", "hook", "free", "main"]) == ["[allocator]", "hook", "free", "main"])
  }

  @Test func `the allocator's own library needs no entry point`() {
    let code = AllocatorCode(libraries: ["libjemalloc.so"])
    let library = "/usr/lib/libjemalloc.so.2"
    #expect(
      marked(["madvise@/lib/libc.so.6", "[unknown]@\(library)", "start_thread@/lib/libc.so.6"], code)
        == ["[allocator]", "start_thread"])
    #expect(marked(["work", "thread_main@\(library)"], code) == ["work", "thread_main"])
  }

  @Test func `functions can be added by name and by beginning`() {
    let code = AllocatorCode(functions: ["runtime.bgscavenge*"])
    #expect(
      marked(["runtime.bgscavenge.func2", "runtime.goexit"], code) == ["[allocator]", "runtime.goexit"])
  }
}
