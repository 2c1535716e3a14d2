/* What an allocator can be asked, and what it can be watched doing: the read-backs of the settings audit.
 *
 * Included by probe.c and, through cgo, by the probe for Go programs. hs_probe_answer answers one request in the
 * written form of the catalogue (`mallctl opt.narenas`); what a process does not have is answered with the reason.
 * Behavioural probes (`probe arenas 3`) look at malloc from outside. They disturb each other: one a process. */
#ifndef HEAPSCALE_PROBE_H
#define HEAPSCALE_PROBE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
/* A strong reference would pull glibc's malloc into a static program that has another one. */
#pragma weak mallinfo2
#pragma weak malloc_info
#endif

#define HS_PROBE_HELPER static __attribute__((unused))

/* Functions that are only there when the allocator brings them. A dynamic program looks them up, since a linker may
 * decide early that a weak symbol is not there, before anything is preloaded. */
typedef int hs_mallctl(const char *, void *, size_t *, void *, size_t);
typedef int hs_numeric_property(const char *, size_t *);
typedef void hs_print_statistics(void);
#ifdef HS_STATIC
extern hs_mallctl mallctl __attribute__((weak));
extern hs_numeric_property MallocExtension_GetNumericProperty __attribute__((weak));
extern hs_print_statistics __scudo_print_stats __attribute__((weak));
#define HS_PROBE_FIND(type, name) (name)
#else
#include <dlfcn.h>
#include <link.h>
#define HS_PROBE_FIND(type, name) ((type *)dlsym(RTLD_DEFAULT, #name))
#endif

/* Kept from the optimiser: a block that is never read need not be allocated. */
static void *volatile hs_probe_sink_;

/* A block whose first byte and every page are written. */
HS_PROBE_HELPER void *hs_probe_block(size_t size, bool touch) {
  unsigned char *block = (unsigned char *)malloc(size);
  if (block && touch) {
    for (size_t i = 0; i < size; i += 4096) ((volatile unsigned char *)block)[i] = 1;
  }
  hs_probe_sink_ = block;
  return block;
}

HS_PROBE_HELPER int hs_probe_none(char *value, size_t capacity, const char *reason) {
  snprintf(value, capacity, "%s", reason);
  return 1;
}

HS_PROBE_HELPER int hs_probe_number(char *value, size_t capacity, int64_t number) {
  snprintf(value, capacity, "%" PRId64, number);
  return 0;
}

/* ------------------------------------------------------------------ jemalloc */

/* mallctl does not say a value's type, but refuses a wrong size: what has 8 bytes is a number unless it is a
 * string, which the name tells (jemalloc(3) lists the types). */
HS_PROBE_HELPER bool hs_probe_is_text(const char *name) {
  static const char *const texts[] = {"opt.metadata_thp", "opt.thp", "opt.dss", "opt.percpu_arena", "opt.junk",
      "opt.zero_realloc", "opt.prof_prefix", "opt.stats_print_opts", "opt.stats_interval_opts",
      "opt.prof_time_resolution", "config.malloc_conf", "version"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (strcmp(name, texts[i]) == 0) return true;
  }
  return false;
}

HS_PROBE_HELPER int hs_probe_mallctl(const char *name, char *value, size_t capacity) {
  hs_mallctl *mallctl_used = HS_PROBE_FIND(hs_mallctl, mallctl);
  if (!mallctl_used) return hs_probe_none(value, capacity, "the process has no mallctl");
  bool flag = false;
  size_t size = sizeof flag;
  int error = mallctl_used(name, &flag, &size, NULL, 0);
  if (error == ENOENT) return hs_probe_none(value, capacity, "mallctl does not know the name");
  if (error == 0) {
    snprintf(value, capacity, "%s", flag ? "true" : "false");
    return 0;
  }
  if (strstr(name, "hpa_dirty_mult")) { /* a fixed-point share, 16 bits after the point (fxp.h) */
    uint32_t share = 0;
    size = sizeof share;
    if (mallctl_used(name, &share, &size, NULL, 0) != 0) return hs_probe_none(value, capacity, "mallctl refused to read it");
    snprintf(value, capacity, "%g", share / 65536.0);
    return 0;
  }
  unsigned small = 0;
  size = sizeof small;
  if (mallctl_used(name, &small, &size, NULL, 0) == 0) return hs_probe_number(value, capacity, small);
  if (hs_probe_is_text(name)) {
    const char *text = NULL;
    size = sizeof text;
    if (mallctl_used(name, &text, &size, NULL, 0) != 0 || !text) {
      return hs_probe_none(value, capacity, "mallctl refused to read it");
    }
    snprintf(value, capacity, "%s", text);
    return 0;
  }
  int64_t wide = 0;
  size = sizeof wide;
  error = mallctl_used(name, &wide, &size, NULL, 0);
  if (error == 0) return hs_probe_number(value, capacity, wide);
  return hs_probe_none(value, capacity, strerror(error));
}

/* ------------------------------------------------------------------ gperftools */

HS_PROBE_HELPER int hs_probe_property(const char *name, char *value, size_t capacity) {
  size_t number = 0;
  hs_numeric_property *property = HS_PROBE_FIND(hs_numeric_property, MallocExtension_GetNumericProperty);
  if (!property) return hs_probe_none(value, capacity, "the process has no MallocExtension");
  if (!property(name, &number)) {
    return hs_probe_none(value, capacity, "MallocExtension does not know the property");
  }
  return hs_probe_number(value, capacity, (int64_t)number);
}

/* ------------------------------------------------------------------ who serves */

#ifndef HS_STATIC
/* Where a function is defined that calls are bound to. A program that is not position-independent and takes the
 * function's address holds an entry of its own for it, which it does not define: the next one in order does. */
HS_PROBE_HELPER bool hs_probe_definition(const char *name, Dl_info *found) {
#ifndef __GLIBC__
  void *only = dlsym(RTLD_DEFAULT, name);
  return only && dladdr(only, found);
#else
  void *handles[] = {RTLD_DEFAULT, RTLD_NEXT};
  for (int i = 0; i < 2; i++) {
    void *address = dlsym(handles[i], name), *symbol = NULL;
    if (!address || !dladdr1(address, found, &symbol, RTLD_DL_SYMENT)) return false;
    if (!symbol || ((const ElfW(Sym) *)symbol)->st_shndx != 0) return true;
  }
  return false;
#endif
}
#endif

/* The file that malloc and free are taken from. */
HS_PROBE_HELPER int hs_probe_server(char *value, size_t capacity) {
#ifdef HS_STATIC
  return hs_probe_none(value, capacity, "the program is static");
#else
  Dl_info allocate, release;
  if (!hs_probe_definition("malloc", &allocate) || !hs_probe_definition("free", &release)) {
    return hs_probe_none(value, capacity, "the dynamic linker does not say where malloc is");
  }
  /* The program itself is known by the name it was called by, which need be no path. */
  char program[1024] = "";
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length > 0) program[length] = '\0';
  const char *first = strchr(allocate.dli_fname, '/') ? allocate.dli_fname : program;
  const char *second = strchr(release.dli_fname, '/') ? release.dli_fname : program;
  if (strcmp(first, second) != 0) return hs_probe_none(value, capacity, "malloc and free are in different files");
  snprintf(value, capacity, "%s", first);
  return 0;
#endif
}

/* The string that a program gives its allocator by a variable of this name. */
HS_PROBE_HELPER int hs_probe_symbol(const char *name, char *value, size_t capacity) {
#ifdef HS_STATIC
  (void)name;
  return hs_probe_none(value, capacity, "the program is static");
#else
  const char *const *variable = (const char *const *)dlsym(RTLD_DEFAULT, name);
  if (!variable || !*variable) return hs_probe_none(value, capacity, "the process has no such string");
  snprintf(value, capacity, "%s", *variable);
  return 0;
#endif
}

/* Where a symbolic link points, which for some allocators is a string of settings. */
HS_PROBE_HELPER int hs_probe_link(const char *path, char *value, size_t capacity) {
  ssize_t length = readlink(path, value, capacity - 1);
  if (length < 0) return hs_probe_none(value, capacity, strerror(errno));
  value[length] = '\0';
  return 0;
}

/* ------------------------------------------------------------------ /proc */

/* A field of /proc/self/FILE: the word after `FIELD:`. With 64 MiB touched, so that huge pages had their chance. */
HS_PROBE_HELPER int hs_probe_process(const char *argument, char *value, size_t capacity) {
  char path[64] = "", field[64] = "", line[512];
  if (sscanf(argument, "%40s %40s", field, line) != 2) return hs_probe_none(value, capacity, "no file and field");
  if (strchr(field, '/')) return hs_probe_none(value, capacity, "the file must stand in /proc/self");
  snprintf(path, sizeof path, "/proc/self/%.40s", field);
  snprintf(field, sizeof field, "%.40s:", line);
  void *block = hs_probe_block((size_t)64 << 20, true);
  FILE *file = fopen(path, "re");
  if (!file) return hs_probe_none(value, capacity, strerror(errno));
  int result = 1;
  snprintf(value, capacity, "%s has no such line", path);
  while (result && fgets(line, sizeof line, file)) {
    if (strncmp(line, field, strlen(field)) == 0 && sscanf(line + strlen(field), "%63s", field) == 1) {
      snprintf(value, capacity, "%s", field);
      result = 0;
    }
  }
  fclose(file);
  free(block);
  return result;
}

/* ------------------------------------------------------------------ what malloc does */

HS_PROBE_HELPER int hs_probe_threads(char *value, size_t capacity) {
  free(hs_probe_block(100, true));
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return hs_probe_none(value, capacity, strerror(errno));
  int64_t count = 0;
  for (struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
  closedir(tasks);
  return hs_probe_number(value, capacity, count);
}

/* What a fresh block of a size that is nowhere cached holds, as the number that MALLOC_PERTURB_ would be. */
HS_PROBE_HELPER int hs_probe_fill(char *value, size_t capacity) {
  volatile unsigned char *block = (unsigned char *)hs_probe_block(3000, false);
  unsigned char first = block[100];
  for (size_t i = 100; i < 2900; i++) {
    if (block[i] != first) return hs_probe_none(value, capacity, "a fresh block is not filled evenly");
  }
  return hs_probe_number(value, capacity, first == 0 ? 0 : first ^ 0xFF);
}

/* Writes one byte behind a block and frees it, in a child: who checks the heap notices. */
HS_PROBE_HELPER int hs_probe_invalid_free(char *value, size_t capacity) {
  pid_t child = fork();
  if (child < 0) return hs_probe_none(value, capacity, strerror(errno));
  if (child == 0) {
    close(2);
    volatile unsigned char *block = (unsigned char *)hs_probe_block(24, true);
    for (volatile size_t i = 24; i == 24; i++) block[i] ^= 1;
    free((void *)block);
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return hs_probe_number(value, capacity, status == 0 ? 0 : 1);
}

#ifdef __GLIBC__

struct hs_probe_turn {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int waiting;
  bool over;
};

HS_PROBE_HELPER void *hs_probe_holder(void *argument) {
  struct hs_probe_turn *turn = (struct hs_probe_turn *)argument;
  void *block = malloc(100);
  pthread_mutex_lock(&turn->lock);
  turn->waiting++;
  pthread_cond_broadcast(&turn->changed);
  while (!turn->over) pthread_cond_wait(&turn->changed, &turn->lock);
  pthread_mutex_unlock(&turn->lock);
  free(block);
  return NULL;
}

/* How many arenas malloc_info lists while more threads than the limit hold a block each. */
HS_PROBE_HELPER int hs_probe_arenas(int64_t asked, char *value, size_t capacity) {
  int64_t threads = asked + 8 < 40 ? 40 : asked + 8 > 300 ? 300 : asked + 8;
  struct hs_probe_turn turn = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};
  pthread_t *all = (pthread_t *)calloc((size_t)threads, sizeof *all);
  int64_t started = 0;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  while (all && started < threads && pthread_create(&all[started], &small, hs_probe_holder, &turn) == 0) started++;
  pthread_mutex_lock(&turn.lock);
  while (turn.waiting < started) pthread_cond_wait(&turn.changed, &turn.lock);
  pthread_mutex_unlock(&turn.lock);
  char *text = NULL;
  size_t length = 0;
  int64_t heaps = 0;
  FILE *stream = open_memstream(&text, &length);
  if (stream) {
    malloc_info(0, stream);
    fclose(stream);
    for (const char *at = text; at && (at = strstr(at, "<heap nr=")); at++) heaps++;
  }
  pthread_mutex_lock(&turn.lock);
  turn.over = true;
  pthread_cond_broadcast(&turn.changed);
  pthread_mutex_unlock(&turn.lock);
  for (int64_t i = 0; i < started; i++) pthread_join(all[i], NULL);
  free(all);
  free(text);
  if (heaps == 0) return hs_probe_none(value, capacity, "malloc_info lists no heaps");
  /* With an arena for every thread, only more threads would have shown the limit. */
  snprintf(value, capacity, heaps >= started ? "at least %" PRId64 : "%" PRId64, heaps);
  return 0;
}

/* Takes what is free at the top of the heap: only a request that does not fit there may be mapped. */
HS_PROBE_HELPER void hs_probe_use_top(void) {
  size_t top = mallinfo2().keepcost;
  if (top > 256) hs_probe_sink_ = malloc(top - 128);
}

/* Nothing is freed on the way: free chunks would serve later requests, and mapped ones raise a threshold that grows. */
HS_PROBE_HELPER bool hs_probe_is_mapped(size_t size) {
  hs_probe_use_top();
  size_t before = mallinfo2().hblks;
  hs_probe_sink_ = malloc(size);
  return mallinfo2().hblks > before;
}

/* The size from which requests are mapped, and whether it grows with what is freed. */
HS_PROBE_HELPER int hs_probe_mmap_threshold(char *value, size_t capacity) {
  const size_t most = (size_t)1 << 30;
  size_t low = 0, high = 0;
  for (size_t size = 256; size <= most && !high; size *= 2) {
    if (hs_probe_is_mapped(size)) high = size;
    else low = size;
  }
  if (!high) {
    snprintf(value, capacity, "never up to %zu", most);
    return 0;
  }
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (hs_probe_is_mapped(middle)) high = middle;
    else low = middle;
  }
  /* A mapped block that was freed is served by the heap the next time, when the threshold grows. */
  size_t size = high + 4096;
  free(hs_probe_block(size, false));
  snprintf(value, capacity, "%zu, %s", high, hs_probe_is_mapped(size) ? "fixed" : "growing");
  return 0;
}

/* Whether glibc's thresholds grow with what is freed: a mapped block that was freed is served by the heap the next
 * time. Setting any of them, to its default as well, switches that off (do_set_* in malloc.c). */
HS_PROBE_HELPER int hs_probe_thresholds(char *value, size_t capacity) {
  size_t size = 128 << 10;
  while (size <= (size_t)32 << 20 && !hs_probe_is_mapped(size)) size *= 2;
  if (size > (size_t)32 << 20) return hs_probe_none(value, capacity, "no block up to 32 MiB has a mapping of its own");
  size += 4096;
  free(hs_probe_block(size, false));
  snprintf(value, capacity, "%s", hs_probe_is_mapped(size) ? "fixed" : "growing");
  return 0;
}

/* How many blocks may be mapped at a time. */
HS_PROBE_HELPER int hs_probe_mmap_count(int64_t asked, char *value, size_t capacity) {
  int64_t most = asked < 0 || asked > 1000 ? 1000 : asked + 4;
  for (int64_t i = 0; i < most; i++) hs_probe_sink_ = malloc((size_t)64 << 20);
  int64_t mapped = (int64_t)mallinfo2().hblks;
  snprintf(value, capacity, mapped >= most ? "at least %" PRId64 : "%" PRId64, mapped);
  return 0;
}

/* Frees blocks from the top of the heap downwards: how large the top was when it went back. It is only looked at
 * from 64 KiB on (FASTBIN_CONSOLIDATION_THRESHOLD of malloc.c). Large limits take large blocks, whose pages stay
 * untouched. */
HS_PROBE_HELPER int hs_probe_trim(int64_t asked, char *value, size_t capacity) {
  enum { SMALL = 2048, LARGE = 66 << 10, MOST = 16384 };
  static void *blocks[MOST];
  size_t wanted = asked < 0 ? (size_t)64 << 20 : (size_t)asked + ((size_t)4 << 20);
  size_t block = wanted <= (size_t)20 << 20 ? SMALL : LARGE, count = 0, filled = 0;
  while (count < MOST && (filled < wanted || mallinfo2().keepcost > 2 * block)) {
    if (!(blocks[count] = malloc(block))) return hs_probe_none(value, capacity, "out of memory");
    filled += block;
    count++;
  }
  size_t top = mallinfo2().keepcost, before = mallinfo2().arena;
  while (count-- > 0) {
    free(blocks[count]);
    struct mallinfo2 now = mallinfo2();
    if (now.arena < before) return hs_probe_number(value, capacity, (int64_t)(top + block));
    top = now.keepcost;
  }
  snprintf(value, capacity, "never up to %zu", filled);
  return 0;
}

/* By how much the heap grew beyond a first request, in whole pages. */
HS_PROBE_HELPER int hs_probe_top_pad(char *value, size_t capacity) {
  size_t before = mallinfo2().arena;
  if (before == 0) hs_probe_sink_ = malloc(1000);
  size_t first = mallinfo2().arena;
  hs_probe_sink_ = malloc(first);
  size_t grown = mallinfo2().arena;
  if (grown <= first) { /* it was mapped: the first growth has to do */
    return hs_probe_number(value, capacity, (int64_t)(first & ~(size_t)4095) - 4096);
  }
  size_t left = mallinfo2().keepcost;
  return hs_probe_number(value, capacity, (int64_t)(left & ~(size_t)4095));
}

/* How many freed blocks of 24 bytes a thread keeps: those that the arena still counts as used. Whether it puts the
 * others into fast bins or joins them makes no difference to that. */
HS_PROBE_HELPER int hs_probe_thread_cache_count(int64_t asked, char *value, size_t capacity) {
  enum { MOST = 70000 };
  static void *blocks[MOST];
  size_t count = asked > 300 ? (asked + 100 > MOST ? MOST : (size_t)asked + 100) : 400;
  for (size_t i = 0; i < count; i++) blocks[i] = malloc(24);
  /* A chunk's size stands before it, with flags in its lowest three bits (malloc.c). */
  size_t chunk = ((size_t *)blocks[0])[-1] & ~(size_t)7, before = mallinfo2().uordblks;
  for (size_t i = 0; i < count; i++) free(blocks[i]);
  size_t after = mallinfo2().uordblks;
  return hs_probe_number(value, capacity, (int64_t)count - (int64_t)((before - after) / chunk));
}

/* The largest size whose free stays in the thread's cache: the arena then still counts it as used. */
HS_PROBE_HELPER int hs_probe_thread_cache_size(char *value, size_t capacity) {
  int64_t largest = 0;
  for (size_t size = 24; size <= 4096; size += 16) {
    void *block = malloc(size), *guard = malloc(size);
    size_t before = mallinfo2().uordblks;
    free(block);
    if (mallinfo2().uordblks == before) largest = (int64_t)size;
    hs_probe_sink_ = guard;
  }
  return hs_probe_number(value, capacity, largest);
}

/* The largest request that goes to a fast bin, once the thread's cache of its class is full. */
HS_PROBE_HELPER int hs_probe_fast_bins(char *value, size_t capacity) {
  int64_t largest = 0;
  for (size_t size = 24; size <= 400; size += 16) {
    void *blocks[64], *guard;
    for (int i = 0; i < 64; i++) blocks[i] = malloc(size);
    guard = malloc(size);
    size_t before = mallinfo2().smblks;
    for (int i = 0; i < 64; i++) free(blocks[i]);
    if (mallinfo2().smblks > before) largest = (int64_t)size;
    hs_probe_sink_ = guard;
  }
  return hs_probe_number(value, capacity, largest);
}

HS_PROBE_HELPER int hs_probe_glibc(const char *name, int64_t asked, char *value, size_t capacity) {
  if (!mallinfo2 || !malloc_info) return hs_probe_none(value, capacity, "the program holds no malloc of glibc");
  if (strcmp(name, "arenas") == 0) return hs_probe_arenas(asked, value, capacity);
  if (strcmp(name, "mmap-threshold") == 0) return hs_probe_mmap_threshold(value, capacity);
  if (strcmp(name, "thresholds") == 0) return hs_probe_thresholds(value, capacity);
  if (strcmp(name, "mmap-count") == 0) return hs_probe_mmap_count(asked, value, capacity);
  if (strcmp(name, "trim") == 0) return hs_probe_trim(asked, value, capacity);
  if (strcmp(name, "top-pad") == 0) return hs_probe_top_pad(value, capacity);
  if (strcmp(name, "thread-cache-count") == 0) return hs_probe_thread_cache_count(asked, value, capacity);
  if (strcmp(name, "thread-cache-size") == 0) return hs_probe_thread_cache_size(value, capacity);
  if (strcmp(name, "fast-bins") == 0) return hs_probe_fast_bins(value, capacity);
  return hs_probe_none(value, capacity, "no such probe");
}

#else

HS_PROBE_HELPER int hs_probe_glibc(const char *name, int64_t asked, char *value, size_t capacity) {
  (void)name, (void)asked;
  return hs_probe_none(value, capacity, "the program's C library is not glibc");
}

#endif

HS_PROBE_HELPER int hs_probe_behaviour(const char *argument, char *value, size_t capacity) {
  char name[64] = "";
  int64_t asked = 0;
  if (sscanf(argument, "%63s %" SCNd64, name, &asked) < 1) return hs_probe_none(value, capacity, "no such probe");
  if (strcmp(name, "threads") == 0) return hs_probe_threads(value, capacity);
  if (strcmp(name, "fill") == 0) return hs_probe_fill(value, capacity);
  if (strcmp(name, "invalid-free") == 0) return hs_probe_invalid_free(value, capacity);
  return hs_probe_glibc(name, asked, value, capacity);
}

/* Answers one request: 0 and the value, or 1 and the reason why there is none. */
HS_PROBE_HELPER int hs_probe_answer(const char *request, char *value, size_t capacity) {
  if (strncmp(request, "mallctl ", 8) == 0) return hs_probe_mallctl(request + 8, value, capacity);
  if (strncmp(request, "property ", 9) == 0) return hs_probe_property(request + 9, value, capacity);
  if (strncmp(request, "process ", 8) == 0) return hs_probe_process(request + 8, value, capacity);
  if (strncmp(request, "probe ", 6) == 0) return hs_probe_behaviour(request + 6, value, capacity);
  if (strncmp(request, "symbol ", 7) == 0) return hs_probe_symbol(request + 7, value, capacity);
  if (strncmp(request, "link ", 5) == 0) return hs_probe_link(request + 5, value, capacity);
  if (strcmp(request, "server") == 0) return hs_probe_server(value, capacity);
  if (strcmp(request, "statistics") == 0) {
    /* Scudo's way: it prints by itself, and the harness looks for the words. */
    hs_print_statistics *print = HS_PROBE_FIND(hs_print_statistics, __scudo_print_stats);
    if (!print) return hs_probe_none(value, capacity, "the process has no __scudo_print_stats");
    print();
    snprintf(value, capacity, "printed");
    return 0;
  }
  return hs_probe_none(value, capacity, "this probe cannot answer it");
}

/* Writes a line of an answer to standard error, whole: other processes may write there too. */
HS_PROBE_HELPER bool hs_probe_tell(const char *request, int result, const char *value) {
  char line[2048];
  int length = snprintf(line, sizeof line, "heapscale-probe\t%s\t%s\t%s\n", request, result == 0 ? "ok" : "none", value);
  if (length >= (int)sizeof line) length = (int)sizeof line - 1;
  return write(2, line, (size_t)length) == length;
}

/* Answers a request there. */
HS_PROBE_HELPER bool hs_probe_reply(const char *request) {
  char value[1024];
  int result = hs_probe_answer(request, value, sizeof value);
  return hs_probe_tell(request, result, value);
}

#endif
