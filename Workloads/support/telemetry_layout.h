/* The telemetry page: what a workload built here shares with the harness. Go workloads write the same page:
 * support/gotelemetry/page.go repeats these structs, and a test compares the two.
 *
 * The harness creates a memfd, passes it with an eventfd to the workload and maps both sides. The workload
 * pays plain stores; the harness reads at any time. Every field is written by one side only, named below.
 * Change anything here and raise HS_TELEMETRY_VERSION: both sides refuse a page of another version. */
#ifndef HEAPSCALE_TELEMETRY_LAYOUT_H
#define HEAPSCALE_TELEMETRY_LAYOUT_H

#include <stdint.h>

#define HS_TELEMETRY_MAGIC UINT64_C(0x656c616373706168) /* "hapscale" in memory order */
#define HS_TELEMETRY_VERSION 3u

/* Names of the environment variables that carry the descriptor numbers. */
#define HS_TELEMETRY_FD_VARIABLE "HEAPSCALE_TELEMETRY_FD"
#define HS_NOTIFY_FD_VARIABLE "HEAPSCALE_NOTIFY_FD"

enum hs_phase_id {
  HS_PHASE_START = 0,  /* from exec to the first mark: reading parameters, creating threads */
  HS_PHASE_WARMUP = 1, /* fills caches and slots; not measured as throughput */
  HS_PHASE_STEADY = 2, /* the measured work */
  HS_PHASE_DRAIN = 3,  /* frees everything */
  HS_PHASE_IDLE = 4,   /* does nothing, while the harness watches memory go back */
  HS_PHASE_DONE = 5    /* everything is over; the process waits to be read and then exits */
};

enum hs_verdict {
  HS_VERDICT_NONE = 0,         /* not finished */
  HS_VERDICT_OK = 1,           /* the answer is the expected one */
  HS_VERDICT_WRONG_ANSWER = 2, /* it is not, or a block's contents were damaged */
  HS_VERDICT_OUT_OF_MEMORY = 3 /* the allocator returned NULL */
};

enum hs_flag {
  HS_FLAG_HOLD = 1u,    /* wait at every mark until the harness has read what it wants */
  HS_FLAG_LATENCY = 2u /* time every call of the allocator */
};

/* How much of the Go runtime's own view a program has stated; 0 for programs in C and C++. */
enum hs_go_state {
  HS_GO_MARKS = 1u,  /* the marks hold the heap's sizes */
  HS_GO_TOTALS = 2u  /* the totals of the whole run stand there as well */
};

#define HS_MARKS 128u
#define HS_SLOTS 1024u
#define HS_TEXT 256u

/* The end of one phase and the beginning of the next. CPU times are those of the whole process. */
struct hs_mark {
  uint32_t phase; /* the phase that begins here, enum hs_phase_id */
  uint32_t reserved;
  uint64_t ended_ns;       /* CLOCK_MONOTONIC when the phase before ended */
  uint64_t ended_cpu_ns;   /* CLOCK_PROCESS_CPUTIME_ID at the same moment */
  uint64_t resumed_ns;     /* CLOCK_MONOTONIC when the new phase began, after the harness let go */
  uint64_t resumed_cpu_ns; /* CLOCK_PROCESS_CPUTIME_ID at the same moment */
  uint64_t operations;     /* calls of the allocator up to here */
  int64_t live_bytes;      /* asked for and not freed */
  int64_t live_objects;
  uint64_t go_heap_inuse;    /* bytes of the Go heap's spans that hold objects; unset unless HS_GO_MARKS */
  uint64_t go_heap_released; /* bytes of the Go heap that went back to the system */
};

/* One cache line of counters, owned by one thread at a time; a later thread goes on counting in it. */
struct hs_slot {
  uint64_t allocations;   /* malloc, calloc, aligned_alloc */
  uint64_t frees;         /* free */
  uint64_t reallocations; /* realloc of a live block */
  int64_t pending;        /* HS_FLUSH_BYTES + change of live bytes since live_flushed got it; 0: never owned */
  uint64_t more;          /* C: calls and bytes of malloc since they were added above, see HS_WORD_START; 0: never owned */
  uint64_t less;          /* C: calls and bytes of free, likewise */
  uint32_t owned;         /* 1 while a thread counts here */
  uint32_t reserved[3];
};

/* What a C thread adds to at each call is one word: calls in the low bits, bytes above them. It starts so that the
 * sign bit is set when half of HS_FLUSH_BYTES have come together: one addition, and one test of its result. Calls cannot
 * overflow into the bytes, since each of them brings at least one byte: no workload asks for none. A block may
 * have up to half a tebibyte. */
#define HS_WORD_BYTES_SHIFT 24
#define HS_WORD_CALLS ((UINT64_C(1) << HS_WORD_BYTES_SHIFT) - 1)
#define HS_WORD_START ((UINT64_C(1) << 63) - ((uint64_t)HS_FLUSH_BYTES / 2 << HS_WORD_BYTES_SHIFT))

/* Log-linear latency histogram: values below 64 ns exactly, above that 32 buckets an octave (3 % wide). */
#define HS_HISTOGRAM_EXACT 64u
#define HS_HISTOGRAM_OCTAVES 34u /* up to 2^40 ns, 18 minutes */
#define HS_HISTOGRAM_SUBBUCKETS 32u
#define HS_HISTOGRAM_BUCKETS (HS_HISTOGRAM_EXACT + HS_HISTOGRAM_OCTAVES * HS_HISTOGRAM_SUBBUCKETS)

struct hs_histogram {
  uint64_t maximum_ns;
  uint64_t count;
  uint32_t buckets[HS_HISTOGRAM_BUCKETS];
};

/* One pair for each of the first HS_LATENCY_SLOTS counter slots; threads beyond share the last pair's slot
 * index modulo this number, so their counts are added atomically. */
#define HS_LATENCY_SLOTS 64u

struct hs_page {
  /* written by the harness before the start */
  uint64_t magic;
  uint32_t version;
  uint32_t flags; /* enum hs_flag */

  /* written by the workload */
  uint32_t attached; /* 1 once the workload has mapped the page and found its version right */
  uint32_t phase;    /* enum hs_phase_id */
  uint32_t marks_written;
  /* written by the harness: how many marks it has read; the workload waits on it with a futex */
  uint32_t marks_read;

  /* written by the workload */
  int64_t live_flushed; /* live bytes but for the slots' pending changes, each at most HS_FLUSH_BYTES */
  int64_t peak_live;    /* the highest live_flushed: a lower bound, short by at most threads x HS_FLUSH_BYTES */
  uint64_t answer;      /* a check sum that depends on the parameters only */
  uint64_t expected;    /* what it must be */
  uint32_t verdict;     /* enum hs_verdict */
  uint32_t threads_peak; /* the highest number of counter slots in use */
  uint64_t timer_cost_ns; /* what one reading of the clock costs, when latencies are taken */
  char message[HS_TEXT];     /* why the verdict is not ok */
  char malloc_file[HS_TEXT]; /* the object that holds malloc, as dladdr tells; empty in static programs */
  char free_file[HS_TEXT];   /* the object that holds free */

  /* written by Go workloads at their end, from the package runtime/metrics */
  uint32_t go_state; /* enum hs_go_state */
  uint32_t go_reserved;
  uint64_t go_gc_cycles;       /* collections that were completed */
  uint64_t go_gc_cpu_ns;       /* CPU time of the collector, as the runtime estimates it */
  uint64_t go_cpu_ns;          /* CPU time that was available to the program: GOMAXPROCS x wall time */
  uint64_t go_gc_pause_p99_ns; /* 99th percentile of the pauses of collections: the upper end of its bucket */

  struct hs_mark marks[HS_MARKS];
  struct hs_slot slots[HS_SLOTS] __attribute__((aligned(64))); /* one cache line each */
  struct hs_histogram malloc_latency[HS_LATENCY_SLOTS];
  struct hs_histogram free_latency[HS_LATENCY_SLOTS];
};

/* A power of two: whether a pending change is due is one test of the bits above 2 * HS_FLUSH_BYTES - 1. */
#define HS_FLUSH_BYTES 32768

#endif
