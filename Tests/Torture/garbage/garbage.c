/* garbage: a workload that is broken or hostile. It must lose its own telemetry at most. */
#include "workload.h"

#include <stddef.h>

static uint64_t state;

static uint64_t next(void) { /* SplitMix64 */
  uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Values at which conversions and sums break, and any other. */
static uint64_t value(void) {
  static const uint64_t edges[] = {0, 1, 127, 128, 129, 1023, 1024, UINT32_MAX, UINT64_C(1) << 32, INT64_MAX,
                                   UINT64_C(1) << 63, UINT64_MAX, UINT64_MAX - 1};
  uint64_t chosen = next() % 16;
  return chosen < sizeof edges / sizeof *edges ? edges[chosen] : next() >> next() % 64;
}

static void notify(void) {
  uint64_t one = 1;
  ssize_t ignored = write(hs_notify_, &one, sizeof one);
  (void)ignored;
}

/* Everything behind the flags, which only the harness writes. */
static void fill(unsigned char *at, size_t bytes) {
  for (size_t i = 0; i + 8 <= bytes; i += 8) {
    uint64_t word = value();
    memcpy(at + i, &word, 8);
  }
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  state = (uint64_t)hs_int("seed");
  struct hs_page *page = hs_page_;
  unsigned char *begin = (unsigned char *)&page->attached;
  switch (next() % 5) {
    case 0: fill(begin, offsetof(struct hs_page, slots) - offsetof(struct hs_page, attached)); break;
    case 1: fill(begin, sizeof *page - offsetof(struct hs_page, attached)); break;
    case 2: /* one field of the head or of a mark */
      page->marks_written = (uint32_t)(next() % 6);
      for (int i = 0; i < 3; i++) {
        uint64_t word = value();
        memcpy(begin + next() % (offsetof(struct hs_page, slots) - offsetof(struct hs_page, attached) - 8), &word, 8);
      }
      break;
    case 3: /* marks in any order, with any time */
      page->marks_written = (uint32_t)(next() % (HS_MARKS + 2));
      fill((unsigned char *)page->marks, sizeof page->marks);
      for (unsigned i = 0; i < HS_MARKS; i++) page->marks[i].phase = (uint32_t)(next() % 7);
      break;
    default: /* slots and histograms only */
      fill((unsigned char *)page->slots, sizeof *page - offsetof(struct hs_page, slots));
  }
  if (next() % 2) page->verdict = HS_VERDICT_OK;
  if (next() % 2) page->phase = HS_PHASE_DONE;
  notify();
  struct timespec moment = {0, 3000000};
  nanosleep(&moment, NULL);
  return 0;
}
