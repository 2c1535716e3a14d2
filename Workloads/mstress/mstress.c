/* Rounds of short threads that keep, free and swap blocks of heavy-tailed sizes; every word is verified. */
#include "workload.h"

#define SHORT_CLASSES 5 /* 8 ... 128 bytes */
#define KEPT_CLASSES 7  /* 8 ... 512 bytes */
#define WORDS_BITS 24   /* of a block's header; the other 40 are its number */

struct worker {
  _Alignas(64) pthread_t thread; /* no two workers in one cache line */
  uint64_t share;       /* short-lived blocks to make */
  uint64_t next_number; /* every block of the run has a number of its own */
  uint64_t answer;
  struct hs_random random;
};

static uint64_t thread_count, rounds, operations, swap_slots;
static uint64_t **swaps; /* shared; a slot changes hands by atomic exchange */

static bool chance(struct hs_random *random, uint64_t percent) {
  return hs_random_below(random, 100) < percent;
}

/* 8 x 2^U bytes; 2 % are 100 times larger, of these 2 % 10,000 and 11 % 1,000 times. */
static uint64_t random_words(struct hs_random *random, uint64_t classes) {
  uint64_t words = UINT64_C(1) << hs_random_below(random, classes);
  if (!chance(random, 2)) return words;
  if (chance(random, 2)) return words * 10000;
  return words * (chance(random, 11) ? 1000 : 100);
}

/* A block says its number and size in its first word: whoever frees it may not be who asked for it. */
static uint64_t *make(struct worker *self, uint64_t classes) {
  uint64_t words = random_words(&self->random, classes);
  uint64_t *block = hs_malloc(words * sizeof *block);
  uint64_t header = self->next_number++ << WORDS_BITS | words;
  for (uint64_t i = 0; i < words; i++) block[i] = header + i;
  return block;
}

static void discard(struct worker *self, uint64_t *block) {
  if (!block) return;
  uint64_t header = block[0];
  uint64_t words = header & ((1u << WORDS_BITS) - 1);
  if (words == 0 || words > (10000u << (KEPT_CLASSES - 1))) hs_wrong("mstress: a block's header was damaged");
  for (uint64_t i = 0; i < words; i++) {
    if (block[i] != header + i) hs_wrong("mstress: a block was damaged while in use");
  }
  self->answer += header >> WORDS_BITS;
  hs_free(block, words * sizeof *block);
}

static void swap(struct worker *self, uint64_t **mine) {
  uint64_t **theirs = &swaps[hs_random_below(&self->random, swap_slots)];
  *mine = __atomic_exchange_n(theirs, *mine, __ATOMIC_ACQ_REL);
}

/* Half of the steps make a short-lived block, the others one that is kept until the thread ends. */
static void churn(struct worker *self, uint64_t **brief, uint64_t **kept) {
  uint64_t made = 0, kept_made = 0, keep = self->share / 2;
  while (made < self->share || kept_made < keep) {
    if (kept_made == keep || (made < self->share && chance(&self->random, 50))) {
      brief[made++] = make(self, SHORT_CLASSES);
    } else {
      kept[kept_made++] = make(self, KEPT_CLASSES);
    }
    if (made > 0 && chance(&self->random, 67)) {
      uint64_t i = hs_random_below(&self->random, made);
      discard(self, brief[i]);
      brief[i] = NULL;
    }
    if (made > 0 && chance(&self->random, 26)) swap(self, &brief[hs_random_below(&self->random, made)]);
  }
}

static void *work(void *argument) {
  struct worker *self = argument;
  uint64_t keep = self->share / 2;
  hs_thread_begin();
  uint64_t **brief = hs_calloc(self->share * sizeof *brief);
  uint64_t **kept = hs_calloc((keep + 1) * sizeof *kept);
  churn(self, brief, kept);
  for (uint64_t i = 0; i < keep; i++) discard(self, kept[i]);
  for (uint64_t i = 0; i < self->share; i++) discard(self, brief[i]);
  hs_free(kept, (keep + 1) * sizeof *kept);
  hs_free(brief, self->share * sizeof *brief);
  hs_thread_end();
  return NULL;
}

/* Returns the first number that the next round may give to a block. */
static uint64_t run_round(struct worker *workers, uint64_t round, uint64_t number, uint64_t seed) {
  for (uint64_t i = 0; i < thread_count; i++) {
    struct worker *worker = &workers[i];
    worker->share = operations * (i % 8 + 1); /* some threads do more */
    worker->next_number = number;
    worker->random = hs_random_seeded(seed, 1 + round * thread_count + i);
    number += worker->share + worker->share / 2;
    hs_thread_start(&worker->thread, work, worker);
  }
  for (uint64_t i = 0; i < thread_count; i++) pthread_join(workers[i].thread, NULL);
  return number;
}

static void read_parameters(void) {
  thread_count = (uint64_t)hs_int("threads");
  rounds = (uint64_t)hs_int("rounds");
  operations = (uint64_t)hs_int("operations");
  swap_slots = (uint64_t)hs_int("swap_slots");
  if (rounds * thread_count * operations * 12 + swap_slots >= UINT64_C(1) << (64 - WORDS_BITS)) {
    fprintf(stderr, "mstress: rounds x threads x operations x 12 must stay below 2^40\n");
    exit(HS_EXIT_USAGE);
  }
}

int main(int argc, char **argv) {
  static struct worker workers[256], own;
  hs_start(argc, argv);
  read_parameters();
  uint64_t seed = (uint64_t)hs_int("seed");
  own.random = hs_random_seeded(seed, 0);

  hs_phase(HS_PHASE_WARMUP);
  swaps = hs_calloc(swap_slots * sizeof *swaps);
  for (uint64_t i = 0; i < swap_slots; i++) swaps[i] = make(&own, SHORT_CLASSES);
  hs_phase(HS_PHASE_STEADY);
  uint64_t number = swap_slots;
  for (uint64_t round = 0; round < rounds; round++) number = run_round(workers, round, number, seed);
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < swap_slots; i++) discard(&own, swaps[i]);
  hs_free(swaps, swap_slots * sizeof *swaps);
  uint64_t answer = own.answer;
  for (uint64_t i = 0; i < thread_count; i++) answer += workers[i].answer;
  hs_idle(hs_int("idle"));
  return hs_finish(answer, number % 2 ? (number - 1) / 2 * number : number / 2 * (number - 1));
}
