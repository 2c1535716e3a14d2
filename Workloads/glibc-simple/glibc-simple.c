/* The fast path: batches of equal small blocks, half freed first-in first-out, half last-in first-out. By
 * main alone, then by a thread, then by main again in a process that has had a second thread. */
#include "workload.h"

#define MOST_BLOCKS 1600

static const size_t sizes[] = {16, 32, 64};
static const uint64_t counts[] = {25, 100, 400, MOST_BLOCKS};
static uint64_t *blocks[MOST_BLOCKS];
static uint64_t operations, next_number, answer; /* every block of the run has a number of its own */

static void allocate(uint64_t i, size_t size) {
  uint64_t words = size / sizeof(uint64_t);
  blocks[i] = hs_malloc(size);
  blocks[i][0] = next_number;
  blocks[i][words - 1] = ~next_number;
  next_number++;
}

static void release(uint64_t i, size_t size) {
  uint64_t number = blocks[i][0], last = blocks[i][size / sizeof number - 1];
  if (last != ~number) hs_wrong("glibc-simple: a block was damaged while in use");
  answer += number;
  hs_free(blocks[i], size);
}

static void run_batch(size_t size, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) allocate(i, size);
  for (uint64_t i = 0; i < count / 2; i++) release(i, size);
  for (uint64_t i = count; i > count / 2; i--) release(i - 1, size);
}

/* As many blocks of every size, in batches of every length. */
static void run_all(uint64_t total) {
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
      for (uint64_t made = 0; made < total; made += counts[c]) run_batch(sizes[s], counts[c]);
    }
  }
}

static void *run_in_thread(void *unused) {
  hs_thread_begin();
  run_all(operations);
  hs_thread_end();
  return unused;
}

/* How many blocks run_all makes. */
static uint64_t blocks_of(uint64_t total) {
  uint64_t sum = 0;
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
    sum += (total + counts[c] - 1) / counts[c] * counts[c];
  }
  return sum * (sizeof sizes / sizeof *sizes);
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  operations = (uint64_t)hs_int("operations");
  pthread_t thread;

  hs_phase(HS_PHASE_WARMUP);
  run_all(MOST_BLOCKS);
  hs_phase(HS_PHASE_STEADY); /* three marks: main alone, the thread, main again */
  run_all(operations);
  hs_phase(HS_PHASE_STEADY);
  hs_thread_start(&thread, run_in_thread, NULL);
  pthread_join(thread, NULL);
  hs_phase(HS_PHASE_STEADY);
  run_all(operations);
  hs_phase(HS_PHASE_DRAIN); /* nothing is left: every batch frees its blocks */
  hs_idle(hs_int("idle"));
  uint64_t total = blocks_of(MOST_BLOCKS) + 3 * blocks_of(operations);
  return hs_finish(answer, total % 2 ? (total - 1) / 2 * total : total / 2 * (total - 1));
}
