#define _GNU_SOURCE 1
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CLinux.h"
#include "telemetry_layout.h"

#define FUTEX_WAKE_CALL 1 /* FUTEX_WAKE of linux/futex.h */

uint64_t hs_page_bytes(void) { return sizeof(struct hs_page); }

uint32_t hs_page_text_bytes(void) { return HS_TEXT; }

int64_t hs_page_held_bytes(void) { return (int64_t)HS_SLOTS * HS_FLUSH_BYTES; }

void hs_page_prepare(struct hs_page *page, int hold, int latency) {
  page->magic = HS_TELEMETRY_MAGIC;
  page->version = HS_TELEMETRY_VERSION;
  page->flags = (hold ? HS_FLAG_HOLD : 0u) | (latency ? HS_FLAG_LATENCY : 0u);
}

/* Calls and bytes that a thread has counted since it last added them up; none in a slot that was never owned. */
static uint64_t word(const uint64_t *counted) {
  uint64_t value = __atomic_load_n(counted, __ATOMIC_RELAXED);
  return value ? value - HS_WORD_START : 0;
}

void hs_page_counters(const struct hs_page *page, struct hs_page_counters *counters) {
  uint32_t threads = __atomic_load_n(&page->threads_peak, __ATOMIC_RELAXED);
  /* Unsigned, since anything may stand there, and sums of it are defined then. */
  uint64_t live = (uint64_t)__atomic_load_n(&page->live_flushed, __ATOMIC_RELAXED), objects = 0, operations = 0;
  for (uint32_t i = 0; i < threads && i < HS_SLOTS; i++) {
    const struct hs_slot *slot = &page->slots[i];
    uint64_t more = word(&slot->more), less = word(&slot->less);
    uint64_t allocations = __atomic_load_n(&slot->allocations, __ATOMIC_RELAXED) + (more & HS_WORD_CALLS);
    uint64_t frees = __atomic_load_n(&slot->frees, __ATOMIC_RELAXED) + (less & HS_WORD_CALLS);
    operations += allocations + frees + __atomic_load_n(&slot->reallocations, __ATOMIC_RELAXED);
    objects += allocations - frees;
    int64_t pending = __atomic_load_n(&slot->pending, __ATOMIC_RELAXED);
    if (pending) live += (uint64_t)pending - HS_FLUSH_BYTES;
    live += (more >> HS_WORD_BYTES_SHIFT) - (less >> HS_WORD_BYTES_SHIFT);
  }
  counters->operations = operations;
  counters->live_bytes = (int64_t)live;
  counters->live_objects = (int64_t)objects;
}

void hs_page_state(const struct hs_page *page, struct hs_page_state *state) {
  state->attached = __atomic_load_n(&page->attached, __ATOMIC_ACQUIRE);
  state->phase = __atomic_load_n(&page->phase, __ATOMIC_RELAXED);
  uint32_t marks = __atomic_load_n(&page->marks_written, __ATOMIC_ACQUIRE);
  state->marks_written = marks < HS_MARKS ? marks : HS_MARKS;
  state->marks_stated = marks;
  state->intact = page->magic == HS_TELEMETRY_MAGIC && page->version == HS_TELEMETRY_VERSION;
  state->verdict = __atomic_load_n(&page->verdict, __ATOMIC_ACQUIRE);
  state->peak_live = __atomic_load_n(&page->peak_live, __ATOMIC_RELAXED);
  state->answer = page->answer;
  state->expected = page->expected;
  state->timer_cost_ns = page->timer_cost_ns;
  state->go_state = __atomic_load_n(&page->go_state, __ATOMIC_ACQUIRE);
  state->go_gc_cycles = page->go_gc_cycles;
  state->go_gc_cpu_ns = page->go_gc_cpu_ns;
  state->go_cpu_ns = page->go_cpu_ns;
  state->go_gc_pause_p99_ns = page->go_gc_pause_p99_ns;
}

int hs_page_mark(const struct hs_page *page, uint32_t index, struct hs_page_mark *mark) {
  if (index >= HS_MARKS || index >= __atomic_load_n(&page->marks_written, __ATOMIC_ACQUIRE)) return -ERANGE;
  const struct hs_mark *source = &page->marks[index];
  mark->phase = source->phase;
  mark->ended_ns = source->ended_ns;
  mark->ended_cpu_ns = source->ended_cpu_ns;
  mark->resumed_ns = __atomic_load_n(&source->resumed_ns, __ATOMIC_ACQUIRE);
  mark->resumed_cpu_ns = source->resumed_cpu_ns;
  mark->operations = source->operations;
  mark->live_bytes = source->live_bytes;
  mark->go_heap_inuse = source->go_heap_inuse;
  mark->go_heap_released = source->go_heap_released;
  return 0;
}

void hs_page_text(const struct hs_page *page, enum hs_page_text which, char *text) {
  const char *source = which == HS_TEXT_MESSAGE       ? page->message
                       : which == HS_TEXT_MALLOC_FILE ? page->malloc_file
                                                      : page->free_file;
  memcpy(text, source, HS_TEXT);
  text[HS_TEXT - 1] = 0;
}

void hs_page_acknowledge(struct hs_page *page, uint32_t marks_read) {
  __atomic_store_n(&page->marks_read, marks_read, __ATOMIC_RELEASE);
  syscall(SYS_futex, &page->marks_read, FUTEX_WAKE_CALL, INT_MAX, 0, 0, 0);
}

uint32_t hs_histogram_buckets(void) { return HS_HISTOGRAM_BUCKETS; }

void hs_histogram_bounds(uint32_t bucket, uint64_t *low, uint64_t *high) {
  if (bucket < HS_HISTOGRAM_EXACT) {
    *low = *high = bucket;
    return;
  }
  uint32_t octave = (bucket - HS_HISTOGRAM_EXACT) / HS_HISTOGRAM_SUBBUCKETS;
  uint64_t sub = (bucket - HS_HISTOGRAM_EXACT) % HS_HISTOGRAM_SUBBUCKETS;
  *low = (HS_HISTOGRAM_SUBBUCKETS + sub) << (octave + 1);
  *high = *low + (UINT64_C(1) << (octave + 1)) - 1;
}

static const struct hs_histogram *histograms(const struct hs_page *page, int which) {
  return which == 0 ? page->malloc_latency : page->free_latency;
}

uint64_t hs_page_histogram(const struct hs_page *page, int which, uint32_t bucket) {
  uint64_t sum = 0;
  if (bucket >= HS_HISTOGRAM_BUCKETS) return 0;
  for (uint32_t i = 0; i < HS_LATENCY_SLOTS; i++) sum += histograms(page, which)[i].buckets[bucket];
  return sum;
}

uint64_t hs_page_histogram_maximum(const struct hs_page *page, int which) {
  uint64_t maximum = 0;
  for (uint32_t i = 0; i < HS_LATENCY_SLOTS; i++) {
    uint64_t value = histograms(page, which)[i].maximum_ns;
    if (value > maximum) maximum = value;
  }
  return maximum;
}
