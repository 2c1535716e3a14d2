/* mleak: rounds of short threads, each of which allocates one block, puts it into a shared slot and frees
 * the block that was there. What grows from round to round is what a dead thread leaves behind. */
#include "workload.h"

#define MAX_SLOTS 100000
#define MAX_THREADS 256
#define WORDS 16 /* 128 bytes */
#define BLOCK_BYTES (WORDS * sizeof(uint64_t))

struct worker {
  pthread_t thread;
  uint64_t serial; /* the number of this thread among all of the run */
  uint64_t answer;
};

static uint64_t *slots[MAX_SLOTS];
static uint64_t slot_count, seed;

static uint64_t seal(uint64_t serial) { return (serial + 1) * UINT64_C(0x9E3779B97F4A7C15); }

static uint64_t *allocate(uint64_t serial) {
  uint64_t *block = hs_calloc(BLOCK_BYTES);
  for (int i = 0; i < WORDS; i++) {
    if (block[i] != 0) hs_wrong("a block of calloc is not zero");
  }
  block[0] = serial;
  block[WORDS - 1] = seal(serial);
  return block;
}

static uint64_t release(uint64_t *block) {
  uint64_t word = block[WORDS - 1];
  if (word != seal(block[0])) hs_wrong("a block was damaged");
  block[0] = ~UINT64_C(0); /* so that a second visit is noticed */
  hs_free(block, BLOCK_BYTES);
  return word;
}

/* Two threads may draw the same slot: the exchange gives every block to exactly one of them. */
static void *live(void *argument) {
  struct worker *worker = argument;
  hs_thread_begin();
  struct hs_random random = hs_random_seeded(seed, worker->serial);
  uint64_t *block = allocate(worker->serial);
  uint64_t **slot = &slots[hs_random_below(&random, slot_count)];
  uint64_t *old = __atomic_exchange_n(slot, block, __ATOMIC_ACQ_REL);
  worker->answer = old ? release(old) : 0;
  hs_thread_end();
  return NULL;
}

static uint64_t run_round(uint64_t round, uint64_t threads) {
  static struct worker workers[MAX_THREADS];
  uint64_t answer = 0;
  for (uint64_t i = 0; i < threads; i++) {
    workers[i].serial = round * threads + i;
    hs_thread_start(&workers[i].thread, live, &workers[i]);
  }
  for (uint64_t i = 0; i < threads; i++) {
    pthread_join(workers[i].thread, NULL);
    answer += workers[i].answer;
  }
  return answer;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t threads = (uint64_t)hs_int("threads"), rounds = (uint64_t)hs_int("rounds");
  slot_count = (uint64_t)hs_int("slots");
  seed = (uint64_t)hs_int("seed");
  uint64_t answer = 0, expected = 0, warmup = rounds / 10;
  for (uint64_t i = 0; i < rounds * threads; i++) expected += seal(i);

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < warmup; i++) answer += run_round(i, threads);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = warmup; i < rounds; i++) answer += run_round(i, threads);
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < slot_count; i++) {
    if (slots[i]) answer += release(slots[i]);
  }
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
