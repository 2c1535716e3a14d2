/* Rounds of short threads that keep, free and swap blocks of heavy-tailed sizes; every word is verified. */
#include "workload.h"

#define SHORT_CLASSES 5 /* 8 ... 128 bytes */
#define KEPT_CLASSES 7  /* 8 ... 512 bytes */
#define WORDS_BITS 24   /* of a block's header; the other 40 are its number */
#define TABLE_STEP 100000 /* pointers by which a thread's table of short-lived blocks grows, as the original's does */

struct worker {
  _Alignas(64) pthread_t thread; /* no two workers in one cache line */
  uint64_t share;       /* short-lived blocks to make */
  uint64_t next_number; /* every block of the run has a number of its own */
  uint64_t answer;
  struct hs_random random;
};

/* Pointers to short-lived blocks; those that were made, of which some are NULL by now. */
struct table {
  uint64_t **blocks;
  uint64_t room;
  uint64_t made;
};

static uint64_t thread_count, rounds, operations, swap_slots, emptied, redraw, seed;
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

static uint64_t *exchange(uint64_t slot, uint64_t *block) {
  return __atomic_exchange_n(&swaps[slot], block, __ATOMIC_ACQ_REL);
}

static void add(struct worker *self, struct table *brief) {
  if (brief->made == brief->room) {
    size_t old = brief->room * sizeof *brief->blocks, more = TABLE_STEP * sizeof *brief->blocks;
    brief->blocks = brief->room == 0 ? hs_malloc(more) : hs_realloc(brief->blocks, old, old + more);
    brief->room += TABLE_STEP;
  }
  brief->blocks[brief->made++] = make(self, SHORT_CLASSES);
}

/* Half of the steps make a short-lived block, the others one that is kept until the thread ends. */
static void churn(struct worker *self, struct table *brief, uint64_t **kept) {
  uint64_t kept_made = 0, keep = self->share / 2;
  while (brief->made < self->share || kept_made < keep) {
    if (kept_made == keep || (brief->made < self->share && chance(&self->random, 50))) {
      add(self, brief);
    } else {
      kept[kept_made++] = make(self, KEPT_CLASSES);
    }
    if (brief->made > 0 && chance(&self->random, 67)) {
      uint64_t **mine = &brief->blocks[hs_random_below(&self->random, brief->made)];
      discard(self, *mine);
      *mine = NULL;
    }
    if (brief->made > 0 && chance(&self->random, 26)) {
      uint64_t **mine = &brief->blocks[hs_random_below(&self->random, brief->made)];
      *mine = exchange(hs_random_below(&self->random, swap_slots), *mine);
    }
  }
}

static void do_share(struct worker *self) {
  uint64_t keep = self->share / 2;
  struct table brief = {NULL, 0, 0};
  uint64_t **kept = hs_malloc((keep + 1) * sizeof *kept);
  churn(self, &brief, kept);
  for (uint64_t i = 0; i < keep; i++) discard(self, kept[i]);
  for (uint64_t i = 0; i < brief.made; i++) discard(self, brief.blocks[i]);
  hs_free(kept, (keep + 1) * sizeof *kept);
  hs_free(brief.blocks, brief.room * sizeof *brief.blocks);
}

static void *work(void *argument) {
  hs_thread_begin();
  do_share(argument);
  hs_thread_end();
  return NULL;
}

/* Main does the first share itself. Returns the first number that the next round may give to a block. */
static uint64_t run_round(struct worker *workers, uint64_t round, uint64_t number) {
  for (uint64_t i = 0; i < thread_count; i++) {
    struct worker *worker = &workers[i];
    worker->share = operations * (i % 8 + 1); /* some threads do more */
    worker->next_number = number;
    worker->random = hs_random_seeded(seed, 1 + (redraw ? round * thread_count : 0) + i);
    number += worker->share + worker->share / 2;
    if (i > 0) hs_thread_start(&worker->thread, work, worker);
  }
  do_share(&workers[0]);
  for (uint64_t i = 1; i < thread_count; i++) pthread_join(workers[i].thread, NULL);
  return number;
}

static void empty_slots(struct worker *own, uint64_t percent) {
  for (uint64_t i = 0; i < swap_slots; i++) {
    if (chance(&own->random, percent)) discard(own, exchange(i, NULL));
  }
}

static void read_parameters(void) {
  thread_count = (uint64_t)hs_int("threads");
  rounds = (uint64_t)hs_int("rounds");
  operations = (uint64_t)hs_int("operations");
  swap_slots = (uint64_t)hs_int("swap_slots");
  emptied = (uint64_t)hs_int("emptied");
  redraw = (uint64_t)hs_int("redraw");
  seed = (uint64_t)hs_int("seed");
  if (rounds * thread_count * operations * 12 >= UINT64_C(1) << (64 - WORDS_BITS)) {
    fprintf(stderr, "mstress: rounds x threads x operations x 12 must stay below 2^40\n");
    exit(HS_EXIT_USAGE);
  }
}

int main(int argc, char **argv) {
  static struct worker workers[256], own;
  hs_start(argc, argv);
  read_parameters();
  own.random = hs_random_seeded(seed, 0);

  hs_phase(HS_PHASE_WARMUP);
  swaps = hs_calloc(swap_slots * sizeof *swaps);
  hs_phase(HS_PHASE_STEADY);
  uint64_t number = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    if (round > 0) empty_slots(&own, emptied);
    number = run_round(workers, round, number);
  }
  hs_phase(HS_PHASE_DRAIN);
  empty_slots(&own, 100);
  hs_free(swaps, swap_slots * sizeof *swaps);
  uint64_t answer = own.answer;
  for (uint64_t i = 0; i < thread_count; i++) answer += workers[i].answer;
  hs_idle(hs_int("idle"));
  return hs_finish(answer, number % 2 ? (number - 1) / 2 * number : number / 2 * (number - 1));
}
