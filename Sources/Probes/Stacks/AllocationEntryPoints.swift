/// Functions by which programs allocate and free.
enum AllocationEntryPoints {
  /// Whether a function's name without parameters is one of them.
  static func contain(_ name: Substring) -> Bool {
    if whole.contains(String(name)) { return true }
    var rest = name
    for prefix in prefixes where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
    // A plain `new` may be any function of the program.
    return usual.contains(String(rest)) || (rest.count < name.count && prefixed.contains(String(rest)))
  }

  /// C (malloc(3), posix_memalign(3), C23), and jemalloc's own.
  private static let usual: Set<String> = [
    "malloc", "calloc", "realloc", "reallocarray", "free", "cfree", "memalign", "aligned_alloc",
    "posix_memalign", "valloc", "pvalloc", "free_sized", "free_aligned_sized", "malloc_trim",
    "malloc_usable_size", "mallocx", "rallocx", "xallocx", "dallocx", "sdallocx",
  ]
  /// What libraries call C++'s operators: tc_new, mi_new and their relatives.
  private static let prefixed: Set<String> = [
    "new", "delete", "newarray", "deletearray", "new_n", "delete_sized", "deletearray_sized",
  ]
  private static let whole: Set<String> = [
    "operator new", "operator new[]", "operator delete", "operator delete[]",
    // Go's heap
    "runtime.mallocgc", "runtime.newobject", "runtime.makeslice", "runtime.growslice", "runtime.newarray",
    "runtime.makemap", "runtime.makechan", "runtime.rawstring", "runtime.rawbyteslice",
  ]
  /// Names under which libraries define the same functions; glibc's are `__GI___libc_malloc` and the like.
  private static let prefixes = ["__GI_", "__libc_", "__", "tc_", "je_", "mi_", "scalable_"]
}
