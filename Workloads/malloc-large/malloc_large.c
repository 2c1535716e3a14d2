/* malloc-large: a few large zeroed blocks, replaced one after another at random. */
#include "workload.h"

#define MAX_SLOTS 1000
#define PAGE 4096u

struct slot {
  unsigned char *block;
  size_t size;
  uint64_t serial; /* which allocation of the run this is */
};

static struct slot slots[MAX_SLOTS];

static uint64_t seal(uint64_t serial) { return (serial + 1) * UINT64_C(0x9E3779B97F4A7C15); }

/* Takes a block that must read as zeros, and writes every page of it, its first word and its last byte. An
 * exchange reads and writes at once: a read alone first maps the kernel's page of zeros, one fault more. */
static void allocate(struct slot *slot, size_t size, uint64_t serial) {
  uint64_t word = seal(serial);
  unsigned char mark = (unsigned char)(word >> 56);
  *slot = (struct slot){hs_calloc(size), size, serial};
  for (size_t i = 0; i + 1 < size; i += PAGE) {
    unsigned char old = __atomic_exchange_n(&slot->block[i], mark, __ATOMIC_RELAXED);
    if (old != 0) hs_wrong("a block of calloc is not zero");
  }
  if (slot->block[size - 1] != 0) hs_wrong("the last byte of a block of calloc is not zero");
  slot->block[size - 1] = mark;
  memcpy(slot->block, &word, sizeof word);
}

/* Checks what allocate wrote and frees the block; its share of the answer. */
static uint64_t release(struct slot *slot) {
  uint64_t word;
  memcpy(&word, slot->block, sizeof word);
  if (word != seal(slot->serial)) hs_wrong("the first word of a block was damaged");
  unsigned char mark = (unsigned char)(word >> 56);
  for (size_t i = PAGE; i < slot->size; i += PAGE) {
    if (slot->block[i] != mark) hs_wrong("a page of a block was damaged");
  }
  if (slot->block[slot->size - 1] != mark) hs_wrong("the last byte of a block was damaged");
  hs_free(slot->block, slot->size);
  return word * slot->size;
}

/* What the releases must answer, without allocating: the same draws in the same order. */
static uint64_t replay(struct hs_random random, uint64_t count, uint64_t total, uint64_t smallest,
                       uint64_t largest) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < total; i++) {
    if (i >= count) hs_random_next(&random); /* the slot */
    sum += seal(i) * hs_random_between(&random, smallest, largest);
  }
  return sum;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t count = (uint64_t)hs_int("slots"), replacements = (uint64_t)hs_int("replacements");
  uint64_t smallest = (uint64_t)hs_int("smallest"), largest = (uint64_t)hs_int("largest");
  struct hs_random random = hs_random_seeded((uint64_t)hs_int("seed"), 0);
  if (smallest > largest) {
    fprintf(stderr, "malloc-large: smallest must not exceed largest\n");
    return HS_EXIT_USAGE;
  }
  uint64_t answer = 0, expected = replay(random, count, count + replacements, smallest, largest);

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < count; i++) allocate(&slots[i], hs_random_between(&random, smallest, largest), i);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 0; i < replacements; i++) {
    struct slot *slot = &slots[hs_random_below(&random, count)];
    answer += release(slot);
    allocate(slot, hs_random_between(&random, smallest, largest), count + i);
  }
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < count; i++) answer += release(&slots[i]);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
