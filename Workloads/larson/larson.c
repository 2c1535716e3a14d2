/* Larson's server: a thread replaces random blocks, then a successor inherits them and the thread exits. */
#include "workload.h"

#include <semaphore.h>

struct slot {
  char *block;
  uint32_t size;
  uint32_t serial; /* of the block, within its chain */
};

/* A line of threads, one after the other, that work on the same slots. */
struct chain {
  _Alignas(64) struct hs_random random; /* no two chains in one cache line */
  uint64_t first_number; /* of its blocks; every block of the run has a number of its own */
  uint32_t made;
  uint32_t generation;
  uint64_t answer;
  struct slot *slots;
  pthread_t last; /* the thread that worked before this one */
};

static uint64_t thread_count, slot_count, operations, generations, smallest, largest;
static sem_t chains_finished;

static void put(struct chain *chain, struct slot *slot) {
  slot->size = (uint32_t)hs_random_between(&chain->random, smallest, largest);
  slot->serial = chain->made++;
  slot->block = hs_malloc(slot->size);
  uint64_t number = chain->first_number + slot->serial;
  hs_touch(slot->block, slot->size, (unsigned char)number);
  *(uint64_t *)slot->block = number;
}

static void take(struct chain *chain, struct slot *slot) {
  uint64_t number = *(uint64_t *)slot->block;
  unsigned char last = (unsigned char)slot->block[slot->size - 1];
  /* In a block of 8 bytes the number itself lies over the last byte. */
  bool torn = slot->size > sizeof number && last != (unsigned char)number;
  if (torn || number != chain->first_number + slot->serial) hs_wrong("larson: a block was damaged");
  chain->answer += number;
  hs_free(slot->block, slot->size);
}

static void start(void *(*body)(void *), struct chain *chain) {
  pthread_t thread;
  hs_thread_start(&thread, body, chain);
}

/* One thread's life. It joins its predecessor late, so that their exit and work overlap as in a server. */
static void *serve(void *argument) {
  struct chain *chain = argument;
  hs_thread_begin();
  for (uint64_t i = 0; i < operations; i++) {
    struct slot *slot = &chain->slots[hs_random_below(&chain->random, slot_count)];
    take(chain, slot);
    put(chain, slot);
  }
  if (chain->generation > 0) pthread_join(chain->last, NULL);
  chain->last = pthread_self();
  chain->generation++;
  hs_thread_end();
  if (chain->generation < generations) {
    start(serve, chain);
  } else {
    sem_post(&chains_finished);
  }
  return NULL;
}

/* Main fills all chains in turns: neighbours in memory belong to different threads. */
static void fill(struct chain *chains, struct slot *slots, uint64_t seed) {
  for (uint64_t i = 0; i < thread_count; i++) {
    chains[i].first_number = i * (slot_count + operations * generations);
    chains[i].random = hs_random_seeded(seed, i);
    chains[i].slots = slots + i * slot_count;
  }
  for (uint64_t j = 0; j < slot_count; j++) {
    for (uint64_t i = 0; i < thread_count; i++) put(&chains[i], &chains[i].slots[j]);
  }
}

static void work(struct chain *chains) {
  for (uint64_t i = 0; i < thread_count; i++) start(serve, &chains[i]);
  for (uint64_t i = 0; i < thread_count; i++) {
    while (sem_wait(&chains_finished) != 0) { /* interrupted by a signal */
    }
  }
  for (uint64_t i = 0; i < thread_count; i++) pthread_join(chains[i].last, NULL);
}

static uint64_t drain(struct chain *chains) {
  uint64_t answer = 0;
  for (uint64_t i = 0; i < thread_count; i++) {
    for (uint64_t j = 0; j < slot_count; j++) take(&chains[i], &chains[i].slots[j]);
    answer += chains[i].answer;
  }
  return answer;
}

static void read_parameters(void) {
  thread_count = (uint64_t)hs_int("threads");
  slot_count = (uint64_t)hs_int("slots");
  operations = (uint64_t)hs_int("operations");
  generations = (uint64_t)hs_int("generations");
  smallest = (uint64_t)hs_int("smallest");
  largest = (uint64_t)hs_int("largest");
  if (smallest > largest || slot_count + operations * generations > UINT32_MAX) {
    fprintf(stderr, "larson: smallest is at most largest, slots + operations x generations below 2^32\n");
    exit(HS_EXIT_USAGE);
  }
}

int main(int argc, char **argv) {
  static struct chain chains[256];
  hs_start(argc, argv);
  read_parameters();
  size_t table = thread_count * slot_count * sizeof(struct slot);
  struct slot *slots = mmap(NULL, table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (slots == MAP_FAILED) hs_out_of_memory(table);
  sem_init(&chains_finished, 0, 0);

  hs_phase(HS_PHASE_WARMUP);
  fill(chains, slots, (uint64_t)hs_int("seed"));
  hs_phase(HS_PHASE_STEADY);
  work(chains);
  hs_phase(HS_PHASE_DRAIN);
  uint64_t answer = drain(chains);
  munmap(slots, table);
  hs_idle(hs_int("idle"));
  uint64_t blocks = thread_count * (slot_count + operations * generations);
  return hs_finish(answer, blocks % 2 ? (blocks - 1) / 2 * blocks : blocks / 2 * (blocks - 1));
}
