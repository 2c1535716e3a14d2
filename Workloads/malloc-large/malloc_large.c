/* malloc-large: a few large blocks, replaced one after another at random. */
#include "workload.h"

#define MAX_SLOTS 1000
#define PAGE 4096u

struct slot {
  unsigned char *block;
  size_t size;
  uint64_t serial; /* which allocation of the run this is */
};

static struct slot slots[MAX_SLOTS];
static bool zeroed, free_first;

static uint64_t seal(uint64_t serial) { return (serial + 1) * UINT64_C(0x9E3779B97F4A7C15); }

/* A block of malloc with every byte written. The mark is no constant: nobody may make a calloc of the two. */
static unsigned char *filled(size_t size, unsigned char mark) {
  unsigned char *block = hs_malloc(size);
  memset(block, mark, size);
  return block;
}

/* A block of calloc that must read as zeros, with one byte written in every page, and its last one. An exchange
 * reads and writes at once: a read alone first maps the kernel's page of zeros, one fault more. */
static unsigned char *cleared(size_t size, unsigned char mark) {
  unsigned char *block = hs_calloc(size);
  for (size_t i = 0; i + 1 < size; i += PAGE) {
    unsigned char old = __atomic_exchange_n(&block[i], mark, __ATOMIC_RELAXED);
    if (old != 0) hs_wrong("a block of calloc is not zero");
  }
  if (block[size - 1] != 0) hs_wrong("the last byte of a block of calloc is not zero");
  block[size - 1] = mark;
  return block;
}

static struct slot allocate(size_t size, uint64_t serial) {
  uint64_t word = seal(serial);
  unsigned char mark = (unsigned char)(word >> 56);
  struct slot slot = {zeroed ? cleared(size, mark) : filled(size, mark), size, serial};
  memcpy(slot.block, &word, sizeof word);
  return slot;
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

/* Replaces a block by another; the share of the answer of the one that is freed. */
static uint64_t replace(struct slot *slot, size_t size, uint64_t serial) {
  if (free_first) {
    uint64_t answer = release(slot);
    *slot = allocate(size, serial);
    return answer;
  }
  struct slot fresh = allocate(size, serial);
  uint64_t answer = release(slot);
  *slot = fresh;
  return answer;
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
  zeroed = hs_int("zeroed") != 0;
  free_first = hs_int("free_first") != 0;
  struct hs_random random = hs_random_seeded((uint64_t)hs_int("seed"), 0);
  if (smallest > largest) {
    fprintf(stderr, "malloc-large: smallest must not exceed largest\n");
    return HS_EXIT_USAGE;
  }
  uint64_t answer = 0, expected = replay(random, count, count + replacements, smallest, largest);

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < count; i++) slots[i] = allocate(hs_random_between(&random, smallest, largest), i);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 0; i < replacements; i++) {
    struct slot *slot = &slots[hs_random_below(&random, count)];
    answer += replace(slot, hs_random_between(&random, smallest, largest), count + i);
  }
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < count; i++) answer += release(&slots[i]);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
