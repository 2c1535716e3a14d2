/* Churn per thread: each thread replaces random blocks of its own, many small ones and a long tail. */
#include "workload.h"

struct slot {
  char *block;
  uint32_t size;
  uint32_t number; /* every block of the run has a number of its own */
};

struct worker {
  _Alignas(64) pthread_t thread; /* no two workers in one cache line */
  struct hs_random random;
  struct slot *slots;
  uint32_t next_number;
  uint64_t answer;
};

static uint64_t thread_count, slot_count, operations, smallest, largest;
static pthread_barrier_t gate;

/* Density falls with the square of the size: the inverse of its distribution at a random fraction of 23 bits.
 * In whole numbers, so that every machine draws the same sizes. */
static uint32_t random_size(struct hs_random *random) {
  uint64_t fraction = hs_random_next(random) >> 41;
  return (uint32_t)(((smallest * largest) << 23) / ((largest << 23) - fraction * (largest - smallest)));
}

static void put(struct worker *self, struct slot *slot) {
  slot->size = random_size(&self->random);
  slot->number = self->next_number++;
  slot->block = hs_malloc(slot->size);
  hs_touch(slot->block, slot->size, (unsigned char)slot->number);
  *(uint32_t *)slot->block = slot->number;
}

static void take(struct worker *self, struct slot *slot) {
  uint32_t number = *(uint32_t *)slot->block;
  unsigned char last = (unsigned char)slot->block[slot->size - 1];
  /* In a block of 4 bytes the number itself lies over the last byte. */
  bool torn = slot->size > sizeof number && last != (unsigned char)number;
  if (torn || number != slot->number) hs_wrong("glibc-thread: a block was damaged while in use");
  self->answer += number;
  hs_free(slot->block, slot->size);
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
  for (uint64_t i = 0; i < slot_count; i++) put(self, &self->slots[i]);
  wait_for_phase();
  for (uint64_t i = 0; i < operations; i++) {
    struct slot *slot = &self->slots[hs_random_below(&self->random, slot_count)];
    take(self, slot);
    put(self, slot);
  }
  wait_for_phase();
  for (uint64_t i = 0; i < slot_count; i++) take(self, &self->slots[i]);
  hs_thread_end();
  return NULL;
}

static void begin_phase(uint32_t phase) {
  pthread_barrier_wait(&gate);
  hs_phase(phase);
  pthread_barrier_wait(&gate);
}

static void start(struct worker *workers, struct slot *slots, uint64_t seed) {
  for (uint64_t i = 0; i < thread_count; i++) {
    workers[i].random = hs_random_seeded(seed, i);
    workers[i].slots = slots + i * slot_count;
    workers[i].next_number = (uint32_t)(i * (slot_count + operations));
    hs_thread_start(&workers[i].thread, work, &workers[i]);
  }
}

static void read_parameters(void) {
  thread_count = (uint64_t)hs_int("threads");
  slot_count = (uint64_t)hs_int("slots");
  operations = (uint64_t)hs_int("operations");
  smallest = (uint64_t)hs_int("smallest");
  largest = (uint64_t)hs_int("largest");
  if (smallest > largest || thread_count * (slot_count + operations) > UINT32_MAX) {
    fprintf(stderr, "glibc-thread: smallest is at most largest, threads x (slots + operations) below 2^32\n");
    exit(HS_EXIT_USAGE);
  }
}

int main(int argc, char **argv) {
  static struct worker workers[256];
  hs_start(argc, argv);
  read_parameters();
  pthread_barrier_init(&gate, NULL, (unsigned)thread_count + 1);
  size_t table = thread_count * slot_count * sizeof(struct slot);
  struct slot *slots = mmap(NULL, table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (slots == MAP_FAILED) hs_out_of_memory(table);
  start(workers, slots, (uint64_t)hs_int("seed"));

  begin_phase(HS_PHASE_WARMUP);
  begin_phase(HS_PHASE_STEADY);
  begin_phase(HS_PHASE_DRAIN);
  uint64_t answer = 0;
  for (uint64_t i = 0; i < thread_count; i++) {
    pthread_join(workers[i].thread, NULL);
    answer += workers[i].answer;
  }
  munmap(slots, table);
  hs_idle(hs_int("idle"));
  uint64_t blocks = thread_count * (slot_count + operations);
  return hs_finish(answer, blocks * (blocks - 1) / 2);
}
