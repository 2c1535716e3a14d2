/* A pair of free and malloc, again and again, on the slots of one thread. */
#include "workload.h"

struct slot {
  uint64_t *block;
  uint64_t size;
};

static struct slot *slots;
static uint64_t next_number, answer; /* every block of the run has a number of its own */

static void put(struct slot *slot, struct hs_random *random, uint64_t smallest, uint64_t largest) {
  slot->size = hs_random_between(random, smallest, largest);
  slot->block = hs_malloc(slot->size);
  *slot->block = next_number++;
}

static void take(struct slot *slot) {
  if (*slot->block >= next_number) hs_wrong("pair: a block was damaged");
  answer += *slot->block;
  hs_free(slot->block, slot->size);
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
  size_t table = count * sizeof *slots;
  void *memory = mmap(NULL, table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) hs_out_of_memory(table);
  slots = memory;

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < count; i++) put(&slots[i], &random, smallest, largest);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 0; i < operations; i++) {
    struct slot *slot = &slots[hs_random_below(&random, count)];
    take(slot);
    put(slot, &random, smallest, largest);
  }
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < count; i++) take(&slots[i]);
  munmap(slots, table);
  hs_idle(hs_int("idle"));
  uint64_t total = count + operations;
  return hs_finish(answer, total % 2 ? (total - 1) / 2 * total : total / 2 * (total - 1));
}
