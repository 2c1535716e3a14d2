/* System calls that Swift cannot make itself, and the telemetry page in pieces that Swift can read.
 *
 * Each function is one sequence of system calls or plain loads, returns a negative errno on failure, and
 * allocates nothing. Why C: control messages of sockets need macros, futex has no wrapper in libc, GNU
 * extensions (ppoll, pipe2, memfd_create) do not import, and the page's long arrays would import as tuples of a thousand elements. */
#ifndef HEAPSCALE_CLINUX_H
#define HEAPSCALE_CLINUX_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "launch_protocol.h"
#include "perf.h"
#include "tool.h"

/* How long a helper may be deaf, in milliseconds: it reads between any two events. */
#define HS_SEND_PATIENCE_MS 10000

/* Sends one request, about `pid` for those that are about a process, with descriptors (SCM_RIGHTS). Returns 0, or
 * -ETIMEDOUT when the helper has read nothing for HS_SEND_PATIENCE_MS. */
int hs_send_request(int socket, uint32_t kind, int32_t pid, const int *descriptors, int count);

/* Receives one event, and the path that came with it, ended by NUL (empty when there was none). Returns 1, 0 at end of
 * file, or a negative errno (-EAGAIN when there is none yet). */
int hs_receive_event(int socket, struct hs_launch_event *event, char path[HS_LAUNCH_PATH_BYTES]);

/* A memfd of so many bytes, sealed against shrinking, close-on-exec. Returns the descriptor. */
int hs_memfd(const char *name, uint64_t bytes);

/* An eventfd, close-on-exec and non-blocking. Returns the descriptor. */
int hs_eventfd(void);

/* A pipe, both ends close-on-exec, the reading end non-blocking. Returns 0. */
int hs_pipe(int ends[2]);

/* ppoll without a signal mask; a negative timeout waits for ever. Returns the count of ready descriptors. */
/* A descriptor that becomes readable when a process ends, waited for or not (pidfd_open(2), since 5.3), or a negative errno. */
int hs_pidfd(int32_t pid);

int hs_poll(struct pollfd *polled, uint32_t count, int64_t timeout_ns);

/* Asks for SCHED_FIFO priority 1 for the calling thread, not inherited by children. Returns 0 when granted. */
int hs_request_realtime(void);

/* ---- what this process may still take, up to `wanted`: tried, since several limits bound each of them */

int hs_room_descriptors(int wanted);
int hs_room_threads(int wanted);
/* In bytes, a power of two of `wanted`. */
uint64_t hs_room_address_space(uint64_t wanted);

/* ---- SIGINT, SIGTERM and SIGHUP */

/* A signal that comes again so much later, in ns, ends the process at once. Sooner, it is the same one: timeout(1) sends
 * to the process and to its group. */
#define HS_INTERRUPT_AGAIN_NS 1000000000

/* Makes the three signals write into a pipe; calls may nest. Returns the end that becomes readable, or a negative errno.
 * Why C: a handler may only make system calls. */
int hs_interrupts_begin(void);
void hs_interrupts_end(void);
/* That end while they are caught, else -1. */
int hs_interrupts_descriptor(void);

/* ---- the telemetry page (telemetry_layout.h) */

/* hs_page_state.go_state: what a Go program has stated (enum hs_go_state of the layout). */
#define HS_GO_MARKS_STATED 1u
#define HS_GO_TOTALS_STATED 2u

struct hs_page;

struct hs_page_counters {
  uint64_t operations;
  int64_t live_bytes;
  int64_t live_objects;
};

struct hs_page_state {
  uint32_t attached;
  uint32_t phase;
  uint32_t marks_written; /* of those that there is room for */
  uint32_t marks_stated;  /* as it stands on the page */
  uint32_t intact;        /* 1 while the head is as the harness wrote it */
  uint32_t verdict;
  int64_t peak_live;
  uint64_t answer;
  uint64_t expected;
  uint64_t timer_cost_ns;
  /* The Go runtime's totals; go_state says whether they were stated. */
  uint32_t go_state;
  uint64_t go_gc_cycles;
  uint64_t go_gc_cpu_ns;
  uint64_t go_cpu_ns;
  uint64_t go_gc_pause_p99_ns;
};

struct hs_page_mark {
  uint32_t phase;
  uint64_t ended_ns;
  uint64_t ended_cpu_ns;
  uint64_t resumed_ns;
  uint64_t resumed_cpu_ns;
  uint64_t operations;
  int64_t live_bytes;
  uint64_t go_heap_inuse;
  uint64_t go_heap_released;
};

enum hs_page_text { HS_TEXT_MESSAGE, HS_TEXT_MALLOC_FILE, HS_TEXT_FREE_FILE };

uint64_t hs_page_bytes(void);
uint32_t hs_page_text_bytes(void);
void hs_page_prepare(struct hs_page *page, int hold, int latency);
void hs_page_counters(const struct hs_page *page, struct hs_page_counters *counters);
/* What all threads together may have counted and not published. */
int64_t hs_page_held_bytes(void);
void hs_page_state(const struct hs_page *page, struct hs_page_state *state);
/* Copies mark `index`. Returns 0, or -ERANGE for a mark that does not exist. */
int hs_page_mark(const struct hs_page *page, uint32_t index, struct hs_page_mark *mark);
/* Copies a text, always ended by NUL, into `text` of hs_page_text_bytes(). */
void hs_page_text(const struct hs_page *page, enum hs_page_text which, char *text);
/* States how many marks have been read and wakes the workload that waits for it. */
void hs_page_acknowledge(struct hs_page *page, uint32_t marks_read);

uint32_t hs_histogram_buckets(void);
/* Lowest and highest nanoseconds that a bucket holds. */
void hs_histogram_bounds(uint32_t bucket, uint64_t *low, uint64_t *high);
/* Sums one bucket over all threads; which: 0 malloc, 1 free. */
uint64_t hs_page_histogram(const struct hs_page *page, int which, uint32_t bucket);
/* The longest call of all threads, ns. */
uint64_t hs_page_histogram_maximum(const struct hs_page *page, int which);

#endif
