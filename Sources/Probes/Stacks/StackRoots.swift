/// Functions where programs and threads begin.
///
/// A stack ends complete where an unwind entry says that nothing called the function (DWARF 5, 6.4.4: the return
/// address is undefined) or the return address is 0; these names decide where there is no such entry (musl) or where
/// frame pointers end (glibc has none).
enum StackRoots {
  /// Whether nothing of the program's can have called a function.
  static func contains(_ function: String) -> Bool { names.contains(function) }

  private static let names: Set<String> = [
    // start-up of glibc and musl
    "_start", "_start_c", "_dl_start", "_dl_start_user", "_dlstart", "_dlstart_c",
    "__libc_start_main", "__libc_start_main_impl", "__libc_start_call_main", "libc_start_main_stage2",
    // threads
    "start_thread", "clone", "__clone", "clone3", "__clone3", "thread_start", "start", "start_c11",
    // Go
    "runtime.goexit", "runtime.goexit.abi0", "runtime.mstart", "runtime.mstart.abi0", "runtime.rt0_go",
    "runtime.rt0_go.abi0", "_rt0_amd64_linux", "_rt0_amd64", "_rt0_arm64", "_rt0_arm64_linux",
    "runtime.clone", "runtime.clone.abi0",
  ]
}
