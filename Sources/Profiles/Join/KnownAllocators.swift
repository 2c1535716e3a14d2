import Model

/// Functions by which well-known programs and libraries hand out memory that they got from malloc or the kernel.
///
/// Names are whole names of functions; each list is one line here.
public enum KnownAllocators {
  /// A list that `--fold-list` knows.
  public struct List: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Whose functions they are.
    public let title: String
    /// Regular expressions for whole names.
    let functions: [String]
  }

  /// All lists.
  public static let lists: [List] = [
    List(
      name: "python", title: "CPython: pymalloc, PyMem, PyObject and the collector's allocation",
      functions: [
        "_?Py(Object|Mem)_(Raw|Debug(Raw)?|RawDebug)?(Malloc|Calloc|Realloc|Free)", "_PyMem_.*",
        "pymalloc_(alloc|free|realloc)", "new_arena", "allocate_from_new_pool", "arena_map_.*",
        "_?PyObject_(GC_)?(New|NewVar|Resize|Del)", "_PyObject_GC_(Malloc|Calloc|Alloc|Link)",
        "_PyObject_(New|NewVar|GC_New|GC_NewVar)", "gc_alloc", "_?PyType_(Generic)?Alloc.*",
        "_PyType_AllocNoTrack",
      ]),
    List(
      name: "ruby", title: "Ruby: object slots, xmalloc and its heap pages",
      functions: [
        "(ruby|rb)_(x|mimx?)(malloc|calloc|realloc|free)2?(_.*)?", "objspace_x(malloc|calloc|realloc|free).*",
        "(rb_)?(ec_)?(wb_(un)?protected_)?newobj.*", "rb_(newobj|wb_).*", "rb_class_allocate_instance",
        "heap_(page|assign|prepare|increment|get|add).*", "rb_gc_impl_(malloc|calloc|realloc|new_obj).*",
        "gc_(aligned_malloc|start|continue)", "rb_data_(typed_)?object_.*alloc",
      ]),
    List(
      name: "perl", title: "Perl: safemalloc and the arenas of values",
      functions: [
        "(Perl_)?safesys(malloc|calloc|realloc|free)", "(Perl_|S_)?more_(bodies|sv)", "S_new_(SV|body)",
        "Perl_(newSV_type|sv_grow|sv_add_arena)", "S_more_sv",
      ]),
    List(
      name: "php", title: "PHP: the Zend memory manager",
      functions: ["_?(e|pe|__zend_)(malloc|calloc|realloc|free)(_.*)?", "zend_mm_.*", "zend_(m|c|re)alloc"]),
    List(
      name: "glib", title: "GLib: g_malloc, g_slice and their kin",
      functions: ["g_(try_)?(malloc|realloc|malloc0|new|free)(_n|_sized)?", "g_slice_.*", "magazine_.*"]),
    List(
      name: "postgres", title: "PostgreSQL: memory contexts",
      functions: [
        "(re)?palloc(0|_extended|_aligned)?", "pfree", "MemoryContext(Alloc|Create|Reset|Delete).*",
        "(AllocSet|Slab|Generation|Bump)(Alloc|Realloc|Free|Context|Reset|Delete).*", "repalloc.*",
      ]),
    List(
      name: "nginx", title: "nginx: pools and slabs",
      functions: ["ngx_(p|pn|pc|c)?alloc(_.*)?", "ngx_palloc_.*", "ngx_create_pool", "ngx_slab_.*"]),
    List(
      name: "git", title: "git: xmalloc and memory pools",
      functions: [
        "x(malloc|calloc|realloc|mallocz|strdup|memdupz)", "do_xmalloc", "mem_pool_.*", "alloc_node",
        "strbuf_grow",
      ]),
    List(
      name: "gcc", title: "GCC: its collector, pools and obstacks",
      functions: [
        "ggc_(internal_(cleared_)?)?alloc.*", "alloc_page", "x(malloc|calloc|realloc)", "_obstack_.*",
        "base_pool_allocator<.*", "pool_allocator.*", "va_heap::.*",
      ]),
    List(
      name: "redis", title: "Redis: zmalloc",
      functions: ["z(m|c|re)alloc(_.*)?", "zfree(_.*)?", "ztry(m|c|re)alloc.*", "(s_)?sds(new|Make).*"]),
    List(
      name: "apr", title: "Apache: APR pools",
      functions: ["apr_p(c)?alloc(_.*)?", "apr_pool_.*", "allocator_alloc", "apr_palloc_debug"]),
    List(
      name: "rust", title: "Rust: the global allocator and growing vectors",
      functions: [
        "__r(ust|dl|g)_(alloc|dealloc|realloc|alloc_zeroed)", "alloc::alloc::.*", "alloc::raw_vec::.*",
        "<alloc::alloc::Global.*",
      ]),
    List(
      name: "cxx", title: "C++: std::allocator and its traits",
      functions: [
        "(std::)?(__new_allocator|allocator|allocator_traits|new_allocator).*",
        "std::_Vector_base.*_M_allocate.*",
      ]),
  ]

  /// One regular expression for a list.
  ///
  /// Throws: `InputError` with the known names for an unknown one.
  static func pattern(_ name: String) throws(InputError) -> String {
    guard let list = lists.first(where: { $0.name == name }) else {
      throw InputError.unknown("list for --fold-list", name, among: lists.map(\.name))
    }
    // Parts that a compiler split off or copied (`new_arena.isra.0`) are the same function.
    return "^(?:" + list.functions.joined(separator: "|") + ")(?:\\.[a-z_.0-9]+)?(?:[ (].*)?$"
  }
}
