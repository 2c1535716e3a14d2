/* A pair of free and malloc, again and again, on the slots of one thread. */
#include "workload.h"

struct slot {
  uint64_t *block;
  uint64_t size;
};

/* Inlined: beside what a pair costs in an allocator, calls of our own would stand out. */
#define INLINE static inline __attribute__((always_inline))

/* Every block of the run has a number of its own; four words are written, as a program fills a small object. */
INLINE void put(struct slot *slot, uint64_t size, uint64_t number) {
  uint64_t *block = hs_malloc(size);
  for (int i = 0; i < 4; i++) ((volatile uint64_t *)block)[i] = number;
  slot->block = block;
  slot->size = size;
}

INLINE uint64_t take(struct slot *slot, uint64_t numbers) {
  uint64_t *block = slot->block, number = *block;
  if (hs_unlikely(number >= numbers)) hs_wrong("pair: a block was damaged");
  hs_free(block, slot->size);
  return number;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t count = (uint64_t)hs_int("slots"), operations = (uint64_t)hs_int("operations");
  uint64_t smallest = (uint64_t)hs_int("smallest"), largest = (uint64_t)hs_int("largest");
  if (smallest > largest) {
    fprintf(stderr, "pair: smallest is at most largest\n");
    return HS_EXIT_USAGE;
  }
  struct hs_random random = hs_random_seeded((uint64_t)hs_int("seed"), 0);
  size_t table = count * sizeof(struct slot);
  void *memory = mmap(NULL, table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) hs_out_of_memory(table);
  struct slot *slots = memory;
  uint64_t answer = 0, made = 0;

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < count; i++) put(&slots[i], hs_random_between(&random, smallest, largest), made++);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 0; i < operations; i++) {
    struct slot *slot = &slots[hs_random_below(&random, count)];
    answer += take(slot, made);
    put(slot, hs_random_between(&random, smallest, largest), made++);
  }
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < count; i++) answer += take(&slots[i], made);
  munmap(slots, table);
  hs_idle(hs_int("idle"));
  uint64_t total = count + operations;
  return hs_finish(answer, total % 2 ? (total - 1) / 2 * total : total / 2 * (total - 1));
}
