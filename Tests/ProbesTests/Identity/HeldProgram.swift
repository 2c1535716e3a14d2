import Foundation
import Glibc

/// A program that runs until it is let go: it has written a byte to its standard output, and waits.
final class HeldProgram {
  let pid: Int32
  private let output: Int32

  struct NotStarted: Error { var name: String }

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw NotStarted(name: "pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var started: pid_t = 0
    let result = posix_spawn(&started, arguments[0], &actions, nil, &words, &variables)
    close(ends[1])
    output = ends[0]
    pid = started
    var byte: UInt8 = 0
    guard result == 0, read(output, &byte, 1) == 1 else { throw NotStarted(name: arguments[0]) }
  }

  deinit {
    close(output)
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }
}

/// Programs of the tests of who serves malloc.
enum HeldPrograms {
  /// Allocates, says so, waits.
  static let plain = """
    #include <stdlib.h>
    #include <unistd.h>
    int main(void) { free(malloc(100)); write(1, "x", 1); pause(); return 0; }
    """

  /// Defines malloc itself.
  static let own = """
    #include <stddef.h>
    #include <string.h>
    #include <unistd.h>
    static char heap[1 << 20];
    static size_t top;
    void *malloc(size_t size) { void *block = heap + top; top += (size + 15) & ~(size_t)15; return block; }
    void free(void *block) { (void)block; }
    void *calloc(size_t count, size_t size) { return malloc(count * size); }
    void *realloc(void *block, size_t size) { return block ? memcpy(malloc(size), block, size) : malloc(size); }
    int main(void) { free(malloc(100)); write(1, "x", 1); pause(); return 0; }
    """

  /// Loads the library that its argument names, after it has started.
  static let loader = """
    #include <dlfcn.h>
    #include <unistd.h>
    int main(int count, char **words) {
      if (!dlopen(words[1], count > 2 ? RTLD_NOW | RTLD_GLOBAL : RTLD_NOW)) return 3;
      write(1, "x", 1);
      pause();
      return 0;
    }
    """

  /// Maps a library as data.
  static let mapper = """
    #include <fcntl.h>
    #include <sys/mman.h>
    #include <unistd.h>
    int main(int count, char **words) {
      mmap(0, 65536, PROT_READ, MAP_PRIVATE, open(words[1], O_RDONLY), 0);
      write(1, "x", 1);
      pause();
      return 0;
    }
    """

  /// Ends its first thread; another one goes on.
  static let headless = """
    #include <pthread.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>
    static void *rest(void *unused) {
      char state[256] = "";
      for (int turn = 0; turn < 10000 && !strstr(state, ") Z"); turn++) {
        char path[64];
        sprintf(path, "/proc/self/task/%d/stat", getpid());
        FILE *file = fopen(path, "r");
        if (file) { state[fread(state, 1, sizeof state - 1, file)] = 0; fclose(file); }
        usleep(1000);
      }
      write(1, "x", 1);
      pause();
      return unused;
    }
    int main(void) {
      pthread_t thread;
      pthread_create(&thread, 0, rest, 0);
      pthread_exit(0);
    }
    """

  /// Spoils what its dynamic linker says of itself, in the way that its argument names.
  static let liar = """
    #define _GNU_SOURCE
    #include <elf.h>
    #include <link.h>
    #include <stdlib.h>
    #include <unistd.h>
    int main(int count, char **words) {
      int way = count > 1 ? atoi(words[1]) : 0;
      // By the program's own entry: _r_debug itself would be a copy here.
      struct r_debug *debug = 0;
      for (Elf64_Dyn *entry = _DYNAMIC; entry->d_tag; entry++)
        if (entry->d_tag == DT_DEBUG) debug = (struct r_debug *)entry->d_un.d_ptr;
      struct link_map *map = debug->r_map;
      static Elf64_Dyn table[300];
      static unsigned int noise[4096];
      srand(way);
      for (int i = 0; i < 4096; i++) noise[i] = (unsigned)rand() * 2654435761u;
      switch (way) {
      case 0: map->l_next = map; break;
      case 1: map->l_next = (struct link_map *)0xfffffffffffffff0; break;
      case 2: debug->r_map = (struct link_map *)8; break;
      case 3: debug->r_map = (struct link_map *)0xffffffffffffffff; break;
      case 4: map->l_next->l_ld = (Elf64_Dyn *)16; break;
      default:
        for (int i = 0; i < 300; i++) { table[i].d_tag = 1; table[i].d_un.d_val = noise[i]; }
        table[0].d_tag = way % 2 ? DT_GNU_HASH : DT_HASH;
        table[1].d_tag = DT_SYMTAB;
        table[2].d_tag = DT_STRTAB;
        for (int i = 0; i < 3; i++) table[i].d_un.d_ptr = (Elf64_Addr)noise;
        if (way % 3 == 0) { noise[0] = 1; noise[1] = 1; noise[2] = 1; for (int i = 4; i < 4096; i++) noise[i] &= ~1u; }
        if (way % 3 == 1) { noise[4] = noise[5] = ~0u; }
        map->l_ld = table;
        for (struct link_map *next = map; next; next = next->l_next) next->l_ld = table;
      }
      write(1, "x", 1);
      pause();
      return 0;
    }
    """
}
