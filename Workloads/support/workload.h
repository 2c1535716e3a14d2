/* What every workload is written with: parameters, counted calls of the allocator, phases, random numbers.
 *
 * A workload is one program: hs_start, then hs_phase(HS_PHASE_WARMUP) ... hs_phase(HS_PHASE_STEADY) ...
 * hs_drain_and_idle or the phases by hand, then `return hs_finish(answer, expected)`. It allocates only
 * through hs_malloc and its siblings, so that operations and live bytes are counted where they happen.
 * Threads are made with hs_thread_start; each but main calls hs_thread_begin first and hs_thread_end last.
 * C11 and C++17. */
#ifndef HEAPSCALE_WORKLOAD_H
#define HEAPSCALE_WORKLOAD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "telemetry_layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FUTEX_WAIT of linux/futex.h, which musl does not ship. */
#define HS_FUTEX_WAIT 0

/* A workload uses some of these, never all. */
#define HS_HELPER static __attribute__((unused))

#define HS_EXIT_WRONG_ANSWER 3
#define HS_EXIT_OUT_OF_MEMORY 4
#define HS_EXIT_USAGE 64

#define hs_likely(x) __builtin_expect(!!(x), 1)
#define hs_unlikely(x) __builtin_expect(!!(x), 0)

/* ------------------------------------------------------------------ state of this program */

static struct hs_page *hs_page_;
static int hs_notify_ = -1;
static int hs_argc_;
static char **hs_argv_;
static bool hs_timed_;
static __thread struct hs_slot *hs_slot_;

HS_HELPER inline uint64_t hs_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

HS_HELPER inline uint64_t hs_cpu_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Ends the program with a verdict that the harness stores. */
HS_HELPER void hs_fail(uint32_t verdict, int code, const char *message) {
  if (hs_page_) {
    snprintf(hs_page_->message, HS_TEXT, "%s", message);
    __atomic_store_n(&hs_page_->verdict, verdict, __ATOMIC_RELEASE);
  }
  fprintf(stderr, "%s\n", message);
  _exit(code);
}

/* A block's contents are not what was written there: the run's figures mean nothing. */
HS_HELPER inline void hs_wrong(const char *message) {
  hs_fail(HS_VERDICT_WRONG_ANSWER, HS_EXIT_WRONG_ANSWER, message);
}

HS_HELPER inline void hs_out_of_memory(size_t size) {
  char text[96];
  snprintf(text, sizeof text, "out of memory: the allocator returned NULL for %zu bytes", size);
  hs_fail(HS_VERDICT_OUT_OF_MEMORY, HS_EXIT_OUT_OF_MEMORY, text);
}

/* ------------------------------------------------------------------ threads and counters */

/* Adds what the words hold to the slot's counters. */
HS_HELPER void hs_take_words(struct hs_slot *slot) {
  uint64_t more = slot->more - HS_WORD_START, less = slot->less - HS_WORD_START;
  slot->more = slot->less = HS_WORD_START;
  slot->allocations += more & HS_WORD_CALLS;
  slot->frees += less & HS_WORD_CALLS;
  slot->pending += (int64_t)(more >> HS_WORD_BYTES_SHIFT) - (int64_t)(less >> HS_WORD_BYTES_SHIFT);
}

/* Publishes this thread's change of live bytes, and raises the peak. */
HS_HELPER void hs_flush(void) {
  hs_take_words(hs_slot_);
  int64_t delta = hs_slot_->pending - HS_FLUSH_BYTES;
  hs_slot_->pending = HS_FLUSH_BYTES;
  int64_t now = __atomic_add_fetch(&hs_page_->live_flushed, delta, __ATOMIC_RELAXED);
  int64_t peak = __atomic_load_n(&hs_page_->peak_live, __ATOMIC_RELAXED);
  while (now > peak && !__atomic_compare_exchange_n(&hs_page_->peak_live, &peak, now, true, __ATOMIC_RELAXED,
                                                    __ATOMIC_RELAXED)) {
  }
}

/* A word is full, with half of HS_FLUSH_BYTES: it is added up, and published when live bytes have changed by as much. */
HS_HELPER __attribute__((noinline)) void hs_settle(void) {
  hs_take_words(hs_slot_);
  int64_t delta = hs_slot_->pending - HS_FLUSH_BYTES;
  if (delta <= -HS_FLUSH_BYTES / 2 || delta >= HS_FLUSH_BYTES / 2) hs_flush();
}

/* Claims a counter slot; every thread calls it before its first allocation. */
HS_HELPER void hs_thread_begin(void) {
  for (uint32_t i = 0; i < HS_SLOTS; i++) {
    uint32_t unowned = 0;
    if (__atomic_load_n(&hs_page_->slots[i].owned, __ATOMIC_RELAXED) == 0 &&
        __atomic_compare_exchange_n(&hs_page_->slots[i].owned, &unowned, 1, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED)) {
      hs_slot_ = &hs_page_->slots[i];
      if (hs_slot_->pending == 0) {
        hs_slot_->more = hs_slot_->less = HS_WORD_START;
        hs_slot_->pending = HS_FLUSH_BYTES;
      }
      uint32_t peak = __atomic_load_n(&hs_page_->threads_peak, __ATOMIC_RELAXED);
      while (i + 1 > peak && !__atomic_compare_exchange_n(&hs_page_->threads_peak, &peak, i + 1, true,
                                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      }
      return;
    }
  }
  hs_fail(HS_VERDICT_WRONG_ANSWER, HS_EXIT_USAGE, "more threads at a time than the telemetry page has slots");
}

/* Gives the slot back; every thread calls it after its last allocation. */
HS_HELPER void hs_thread_end(void) {
  hs_flush();
  __atomic_store_n(&hs_slot_->owned, 0, __ATOMIC_RELEASE);
  hs_slot_ = NULL;
}

/* pthread_create with default attributes. A thread that cannot be had ends the run as memory that cannot. */
HS_HELPER void hs_thread_start(pthread_t *thread, void *(*body)(void *), void *argument) {
  if (pthread_create(thread, NULL, body, argument) != 0) {
    hs_fail(HS_VERDICT_OUT_OF_MEMORY, HS_EXIT_OUT_OF_MEMORY, "a thread cannot be created");
  }
}

/* A block counts as live from after its allocation returned until before its free begins. A change of
 * HS_FLUSH_BYTES is published at once, so that a large block that is freed at once is in the peak: peak_live stays a
 * lower bound of what was really live, short of it by less than HS_FLUSH_BYTES for each thread that has a slot. An
 * operation costs an addition to memory and a branch, some tenths of a nanosecond. */
HS_HELPER inline void hs_count(uint64_t *word, size_t bytes, uint64_t calls) {
  if (hs_unlikely((int64_t)(*word += ((uint64_t)bytes << HS_WORD_BYTES_SHIFT) + calls) < 0)) hs_settle();
}

HS_HELPER inline void hs_count_reallocation(size_t old_size, size_t size) {
  hs_slot_->reallocations++;
  if (size >= old_size) {
    hs_count(&hs_slot_->more, size - old_size, 0);
  } else {
    hs_count(&hs_slot_->less, old_size - size, 0);
  }
}

#ifdef HS_WITHOUT_COUNTERS /* only for measuring what the counters cost */
#define HS_COUNT_ALLOCATION(size) ((void)(size))
#define HS_COUNT_FREE(size) ((void)(size))
#define HS_COUNT_REALLOCATION(old_size, size) ((void)(old_size), (void)(size))
#else
#define HS_COUNT_ALLOCATION(size) hs_count(&hs_slot_->more, size, 1)
#define HS_COUNT_FREE(size) hs_count(&hs_slot_->less, size, 1)
#define HS_COUNT_REALLOCATION hs_count_reallocation
#endif

/* ------------------------------------------------------------------ latency, on request */

HS_HELPER void hs_record_latency(struct hs_histogram *histograms, uint64_t ns) {
  struct hs_histogram *h = &histograms[(uint32_t)(hs_slot_ - hs_page_->slots) % HS_LATENCY_SLOTS];
  uint32_t index;
  if (ns < HS_HISTOGRAM_EXACT) {
    index = (uint32_t)ns;
  } else {
    uint32_t octave = 63u - (uint32_t)__builtin_clzll(ns); /* >= 6 */
    uint32_t sub = (uint32_t)(ns >> (octave - 5)) & (HS_HISTOGRAM_SUBBUCKETS - 1);
    index = HS_HISTOGRAM_EXACT + (octave - 6) * HS_HISTOGRAM_SUBBUCKETS + sub;
    if (index >= HS_HISTOGRAM_BUCKETS) index = HS_HISTOGRAM_BUCKETS - 1;
  }
  __atomic_add_fetch(&h->buckets[index], 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&h->count, 1, __ATOMIC_RELAXED);
  uint64_t most = __atomic_load_n(&h->maximum_ns, __ATOMIC_RELAXED);
  while (ns > most && !__atomic_compare_exchange_n(&h->maximum_ns, &most, ns, true, __ATOMIC_RELAXED,
                                                   __ATOMIC_RELAXED)) {
  }
}

#define HS_TIMED(histograms, call)                    \
  do {                                                \
    if (hs_unlikely(hs_timed_)) {                     \
      uint64_t began_ = hs_now();                     \
      call;                                           \
      hs_record_latency(histograms, hs_now() - began_); \
    } else {                                          \
      call;                                           \
    }                                                 \
  } while (0)

/* ------------------------------------------------------------------ the counted calls */

/* malloc. Never returns NULL: running out of memory ends the run with that outcome. */
HS_HELPER inline void *hs_malloc(size_t size) {
  void *block;
  HS_TIMED(hs_page_->malloc_latency, block = malloc(size));
  if (hs_unlikely(!block)) hs_out_of_memory(size);
  HS_COUNT_ALLOCATION(size);
  return block;
}

/* calloc of one object. */
HS_HELPER inline void *hs_calloc(size_t size) {
  void *block;
  HS_TIMED(hs_page_->malloc_latency, block = calloc(1, size));
  if (hs_unlikely(!block)) hs_out_of_memory(size);
  HS_COUNT_ALLOCATION(size);
  return block;
}

/* aligned_alloc; alignment a power of two, size rounded up to a multiple of it as C11 asks. */
HS_HELPER inline void *hs_aligned(size_t alignment, size_t size) {
  void *block;
  size_t rounded = (size + alignment - 1) & ~(alignment - 1);
  HS_TIMED(hs_page_->malloc_latency, block = aligned_alloc(alignment, rounded));
  if (hs_unlikely(!block)) hs_out_of_memory(size);
  HS_COUNT_ALLOCATION(size);
  return block;
}

/* realloc of a live block of old_size bytes. */
HS_HELPER inline void *hs_realloc(void *old, size_t old_size, size_t size) {
  void *block;
  HS_TIMED(hs_page_->malloc_latency, block = realloc(old, size));
  if (hs_unlikely(!block)) hs_out_of_memory(size);
  HS_COUNT_REALLOCATION(old_size, size);
  return block;
}

/* free of a block that was asked for with `size` bytes. */
HS_HELPER inline void hs_free(void *block, size_t size) {
  HS_COUNT_FREE(size);
  HS_TIMED(hs_page_->free_latency, free(block));
}

/* Writes one byte in every page of a block, and its last byte: live bytes become resident. */
HS_HELPER inline void hs_touch(void *block, size_t size, unsigned char value) {
  volatile unsigned char *bytes = (volatile unsigned char *)block;
  for (size_t i = 0; i < size; i += 4096) bytes[i] = value;
  if (size) bytes[size - 1] = value;
}

/* ------------------------------------------------------------------ random numbers */

/* xorshift64*, Vigna 2016 (ACM TOMS 42, 30): small, fast, good enough to shuffle sizes. */
struct hs_random {
  uint64_t state;
};

/* Streams of different threads are kept apart by mixing the index in (splitmix64's finaliser). */
HS_HELPER inline struct hs_random hs_random_seeded(uint64_t seed, uint64_t stream) {
  uint64_t z = seed + (stream + 1) * UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  struct hs_random r = {(z ^ (z >> 31)) | 1u};
  return r;
}

HS_HELPER inline uint64_t hs_random_next(struct hs_random *r) {
  uint64_t x = r->state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  r->state = x;
  return x * UINT64_C(2685821657736338717);
}

/* Uniform in 0 ..< bound (bound > 0), by multiplication: the bias is below 2^-32. */
HS_HELPER inline uint64_t hs_random_below(struct hs_random *r, uint64_t bound) {
  return (uint64_t)(((unsigned __int128)hs_random_next(r) * bound) >> 64);
}

/* Uniform in low ... high. */
HS_HELPER inline uint64_t hs_random_between(struct hs_random *r, uint64_t low, uint64_t high) {
  return low + hs_random_below(r, high - low + 1);
}

/* ------------------------------------------------------------------ parameters */

/* The value of NAME=VALUE among the arguments. The harness passes every parameter of workload.yaml, with the
 * plan's values or the defaults, and has checked type and range. */
HS_HELPER int64_t hs_int(const char *name) {
  size_t length = strlen(name);
  for (int i = 1; i < hs_argc_; i++) {
    if (strncmp(hs_argv_[i], name, length) == 0 && hs_argv_[i][length] == '=') {
      char *end;
      errno = 0;
      long long value = strtoll(hs_argv_[i] + length + 1, &end, 10);
      if (errno == 0 && *end == '\0' && end != hs_argv_[i] + length + 1) return value;
      fprintf(stderr, "parameter %s is not a whole number: %s\n", name, hs_argv_[i]);
      _exit(HS_EXIT_USAGE);
    }
  }
  fprintf(stderr, "parameter %s=N is missing; workload.yaml lists all parameters\n", name);
  _exit(HS_EXIT_USAGE);
}

/* ------------------------------------------------------------------ phases */

HS_HELPER void hs_sum(uint64_t *operations, int64_t *bytes, int64_t *objects) {
  *operations = 0;
  *objects = 0;
  *bytes = __atomic_load_n(&hs_page_->live_flushed, __ATOMIC_RELAXED);
  for (uint32_t i = 0; i < hs_page_->threads_peak; i++) {
    const struct hs_slot *slot = &hs_page_->slots[i];
    uint64_t more = slot->more ? slot->more - HS_WORD_START : 0, less = slot->less ? slot->less - HS_WORD_START : 0;
    uint64_t allocations = slot->allocations + (more & HS_WORD_CALLS), frees = slot->frees + (less & HS_WORD_CALLS);
    *operations += allocations + frees + slot->reallocations;
    *objects += (int64_t)allocations - (int64_t)frees;
    *bytes += (int64_t)(more >> HS_WORD_BYTES_SHIFT) - (int64_t)(less >> HS_WORD_BYTES_SHIFT);
    if (slot->pending) *bytes += slot->pending - HS_FLUSH_BYTES;
  }
}

/* Ends the current phase and begins another. Main calls it while no other thread allocates. */
HS_HELPER void hs_phase(uint32_t phase) {
  uint64_t ended = hs_now();
  uint64_t ended_cpu = hs_cpu_now();
  if (hs_page_->marks_written >= HS_MARKS) {
    hs_fail(HS_VERDICT_WRONG_ANSWER, HS_EXIT_USAGE, "more phases than the telemetry page has marks");
  }
  hs_flush();
  struct hs_mark *mark = &hs_page_->marks[hs_page_->marks_written];
  mark->phase = phase;
  mark->ended_ns = ended;
  mark->ended_cpu_ns = ended_cpu;
  hs_sum(&mark->operations, &mark->live_bytes, &mark->live_objects);
  hs_page_->phase = phase;
  uint32_t written = hs_page_->marks_written + 1;
  __atomic_store_n(&hs_page_->marks_written, written, __ATOMIC_RELEASE);
  if (hs_page_->flags & HS_FLAG_HOLD) {
    uint64_t one = 1;
    if (hs_notify_ >= 0 && write(hs_notify_, &one, sizeof one) == sizeof one) {
      uint32_t read;
      while ((read = __atomic_load_n(&hs_page_->marks_read, __ATOMIC_ACQUIRE)) < written) {
        syscall(SYS_futex, &hs_page_->marks_read, HS_FUTEX_WAIT, read, NULL, NULL, 0);
      }
    }
  }
  mark->resumed_cpu_ns = hs_cpu_now();
  mark->resumed_ns = hs_now();
}

/* Begins the idle phase and does nothing for so many milliseconds. */
HS_HELPER inline void hs_idle(int64_t milliseconds) {
  hs_phase(HS_PHASE_IDLE);
  struct timespec t = {(time_t)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000000};
  while (nanosleep(&t, &t) != 0 && errno == EINTR) {
  }
}

/* ------------------------------------------------------------------ start and finish */

HS_HELPER int hs_descriptor(const char *variable) {
  const char *text = getenv(variable);
  return text ? atoi(text) : -1;
}

/* First call of main: finds the telemetry page (or makes a private one when run by hand). */
HS_HELPER void hs_start(int argc, char **argv) {
  hs_argc_ = argc;
  hs_argv_ = argv;
  int fd = hs_descriptor(HS_TELEMETRY_FD_VARIABLE);
  hs_notify_ = hs_descriptor(HS_NOTIFY_FD_VARIABLE);
  int flags = fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  void *mapped = mmap(NULL, sizeof(struct hs_page), PROT_READ | PROT_WRITE, flags, fd, 0);
  if (mapped == MAP_FAILED) {
    perror("the telemetry page cannot be mapped");
    _exit(HS_EXIT_USAGE);
  }
  hs_page_ = (struct hs_page *)mapped;
  if (fd >= 0) {
    if (hs_page_->magic != HS_TELEMETRY_MAGIC || hs_page_->version != HS_TELEMETRY_VERSION) {
      fprintf(stderr, "the telemetry page has another version than this program: rebuild it\n");
      _exit(HS_EXIT_USAGE);
    }
    close(fd);
  }
  hs_timed_ = (hs_page_->flags & HS_FLAG_LATENCY) != 0;
  if (hs_timed_) {
    uint64_t began = hs_now();
    for (int i = 0; i < 1000; i++) (void)hs_now();
    hs_page_->timer_cost_ns = (hs_now() - began) / 1001;
  }
#ifndef HS_STATIC
  Dl_info info;
  void *(*malloc_used)(size_t) = malloc;
  void (*free_used)(void *) = free;
  if (dladdr(*(void **)&malloc_used, &info) && info.dli_fname) {
    snprintf(hs_page_->malloc_file, HS_TEXT, "%s", info.dli_fname);
  }
  if (dladdr(*(void **)&free_used, &info) && info.dli_fname) {
    snprintf(hs_page_->free_file, HS_TEXT, "%s", info.dli_fname);
  }
#endif
  hs_thread_begin();
  __atomic_store_n(&hs_page_->attached, 1, __ATOMIC_RELEASE);
}

/* Last call of main: states the answer, waits for the harness, gives the exit code. */
HS_HELPER int hs_finish(uint64_t answer, uint64_t expected) {
  hs_page_->answer = answer;
  hs_page_->expected = expected;
  bool right = answer == expected;
  if (!right) {
    snprintf(hs_page_->message, HS_TEXT, "wrong answer: %llu instead of %llu", (unsigned long long)answer,
             (unsigned long long)expected);
    fprintf(stderr, "%s\n", hs_page_->message);
  }
  __atomic_store_n(&hs_page_->verdict, right ? HS_VERDICT_OK : HS_VERDICT_WRONG_ANSWER, __ATOMIC_RELEASE);
  hs_phase(HS_PHASE_DONE);
  return right ? 0 : HS_EXIT_WRONG_ANSWER;
}

#ifdef __cplusplus
}
#endif

#endif
