/* Steady churn of small blocks: each thread flips random slots of its own, some of them far more often. */
#include "workload.h"

#define LEVELS 6       /* how often 80/20 is nested */
#define SIZE_CLASSES 8 /* up to 8, 16, ... 1,024 bytes */

struct worker {
  _Alignas(64) pthread_t thread; /* no two workers in one cache line */
  unsigned char **blocks;
  uint16_t *sizes; /* 0: the slot is empty */
  struct hs_random random;
  unsigned char flip; /* the number of flips so far, modulo 256: what the next block is filled with */
  uint64_t answer;
};

static uint64_t thread_count, slot_count, flips, seed;
static pthread_barrier_t gate;

/* 80 % of the picks fall into the first fifth, of these again 80 % into its first fifth, and so on. Digits in
 * base 5 of one random fraction decide: a 0 means "not the first fifth". */
static uint64_t random_slot(struct hs_random *random) {
  uint64_t fraction = hs_random_next(random), range = slot_count;
  for (int level = 0; level < LEVELS && range >= 5; level++) {
    unsigned __int128 product = (unsigned __int128)fraction * 5;
    fraction = (uint64_t)product;
    uint64_t fifth = range / 5;
    if ((uint64_t)(product >> 64) == 0) return fifth + hs_random_below(random, range - fifth);
    range = fifth;
  }
  return hs_random_below(random, range);
}

/* Half of the blocks have 1 ... 8 bytes, a quarter 9 ... 16, and so on; the last class takes the rest. */
static uint16_t random_size(struct hs_random *random) {
  uint64_t bits = hs_random_next(random) >> 16; /* the low bits are the weakest */
  unsigned class = (unsigned)__builtin_ctzll(bits | 1u << (SIZE_CLASSES - 1));
  uint64_t low = class == 0 ? 1 : (4u << class) + 1;
  return (uint16_t)(low + (((8u << class) - low + 1) * (bits >> 32) >> 16));
}

static void fill_slot(struct worker *self, uint64_t slot) {
  uint16_t size = self->sizes[slot] = random_size(&self->random);
  self->blocks[slot] = hs_malloc(size);
  memset(self->blocks[slot], self->flip++, size);
}

/* Reads the whole block: all its bytes must be equal. */
static void empty_slot(struct worker *self, uint64_t slot) {
  unsigned char *block = self->blocks[slot];
  uint16_t size = self->sizes[slot];
  unsigned char differences = 0;
  for (uint16_t i = 0; i < size; i++) differences |= block[i] ^ block[0];
  if (differences) hs_wrong("alloc-test: a block was damaged while in use");
  self->answer += block[0];
  self->sizes[slot] = 0;
  hs_free(block, size);
}

static void flip_slot(struct worker *self, uint64_t slot) {
  if (self->sizes[slot] == 0) {
    fill_slot(self, slot);
  } else {
    empty_slot(self, slot);
    self->answer += self->flip++;
  }
}

/* Whatever the slots: a flip that allocates counts when its block is read, one that frees at once. So the
 * answer has the number of every flip in it exactly once. */
static uint64_t expected_answer(void) {
  uint64_t total = (slot_count + 1) / 2 + flips, rest = total % 256;
  return thread_count * (total / 256 * (255 * 256 / 2) + rest * (rest - 1) / 2);
}

/* Twice, because main marks the phase while everybody waits between the two. */
static void wait_for_phase(void) {
  pthread_barrier_wait(&gate);
  pthread_barrier_wait(&gate);
}

static void *work(void *argument) {
  struct worker *self = argument;
  hs_thread_begin();
  wait_for_phase();
  for (uint64_t i = 0; i < slot_count; i += 2) fill_slot(self, i);
  wait_for_phase();
  for (uint64_t i = 0; i < flips; i++) flip_slot(self, random_slot(&self->random));
  wait_for_phase();
  for (uint64_t i = 0; i < slot_count; i++) {
    if (self->sizes[i]) empty_slot(self, i);
  }
  hs_thread_end();
  return NULL;
}

static void begin_phase(uint32_t phase) {
  pthread_barrier_wait(&gate);
  hs_phase(phase);
  pthread_barrier_wait(&gate);
}

static void start(struct worker *workers, unsigned char **blocks, uint16_t *sizes) {
  for (uint64_t i = 0; i < thread_count; i++) {
    workers[i].random = hs_random_seeded(seed, i);
    workers[i].blocks = blocks + i * slot_count;
    workers[i].sizes = sizes + i * slot_count;
    hs_thread_start(&workers[i].thread, work, &workers[i]);
  }
}

static void read_parameters(void) {
  thread_count = (uint64_t)hs_int("threads");
  slot_count = (uint64_t)hs_int("slots") / thread_count;
  flips = (uint64_t)hs_int("flips");
  seed = (uint64_t)hs_int("seed");
  if (slot_count == 0) {
    fprintf(stderr, "alloc-test: slots must be at least threads, each thread has slots / threads of them\n");
    exit(HS_EXIT_USAGE);
  }
}

int main(int argc, char **argv) {
  static struct worker workers[256];
  hs_start(argc, argv);
  read_parameters();
  pthread_barrier_init(&gate, NULL, (unsigned)thread_count + 1);
  size_t slots = thread_count * slot_count, table = slots * (sizeof(unsigned char *) + sizeof(uint16_t));
  void *blocks = mmap(NULL, table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (blocks == MAP_FAILED) hs_out_of_memory(table);
  start(workers, blocks, (uint16_t *)((unsigned char **)blocks + slots));

  begin_phase(HS_PHASE_WARMUP);
  begin_phase(HS_PHASE_STEADY);
  begin_phase(HS_PHASE_DRAIN);
  uint64_t answer = 0;
  for (uint64_t i = 0; i < thread_count; i++) {
    pthread_join(workers[i].thread, NULL);
    answer += workers[i].answer;
  }
  munmap(blocks, table);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected_answer());
}
