/* fragment: fills with small blocks, frees most of them at random, and asks for larger ones.
 *
 * The bytes that are live return to the same level in every round; what is resident above it is realised
 * fragmentation. The blocks are lists through themselves, so that no table clouds that figure. */
#include "workload.h"

struct block {
  struct block *next;
  uint32_t size;
  uint32_t serial;
};

struct list {
  struct block *first, **end;
};

/* What the next block of a kind will be. The sizes do not depend on which blocks survive. */
struct kind {
  struct hs_random random;
  uint32_t smallest, largest, serial;
};

static uint32_t seal(uint32_t serial) {
  return (uint32_t)((serial + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

static uint32_t draw(struct kind *kind) {
  return (uint32_t)hs_random_between(&kind->random, kind->smallest, kind->largest);
}

static void append(struct list *list, uint32_t size, uint32_t serial) {
  struct block *block = hs_malloc(size);
  hs_touch(block, size, (unsigned char)(seal(serial) >> 24));
  *block = (struct block){NULL, size, serial};
  *list->end = block;
  list->end = &block->next;
}

static void fill(struct list *list, struct kind *kind, uint64_t bytes) {
  for (uint64_t sum = 0; sum < bytes; kind->serial++) {
    uint32_t size = draw(kind);
    append(list, size, kind->serial);
    sum += size;
  }
}

static uint64_t release(struct block *block) {
  const unsigned char *bytes = (const unsigned char *)block;
  uint32_t size = block->size, word = seal(block->serial);
  if (bytes[size - 1] != word >> 24) hs_wrong("the last byte of a block was damaged");
  hs_free(block, size);
  return (uint64_t)word * size;
}

/* Frees all but `keep` in a hundred, at random. The list is in the order of serial numbers. */
static uint64_t thin_out(struct list *list, struct hs_random *random, uint64_t keep) {
  struct block **link = &list->first;
  uint64_t sum = 0;
  int64_t before = -1;
  while (*link) {
    struct block *block = *link;
    if (block->serial <= before) hs_wrong("the header of a block was damaged");
    before = block->serial;
    if (hs_random_below(random, 100) < keep) {
      link = &block->next;
    } else {
      *link = block->next;
      sum += release(block);
    }
  }
  list->end = link;
  return sum;
}

/* The share of the answer that fill's blocks will have, without allocating. */
static uint64_t replay(struct kind *kind, uint64_t bytes) {
  uint64_t answer = 0;
  for (uint64_t sum = 0; sum < bytes; kind->serial++) {
    uint32_t size = draw(kind);
    answer += (uint64_t)seal(kind->serial) * size;
    sum += size;
  }
  return answer;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t bytes = (uint64_t)hs_int("fill"), keep = (uint64_t)hs_int("keep");
  uint64_t rounds = (uint64_t)hs_int("rounds"), seed = (uint64_t)hs_int("seed");
  uint64_t hole = bytes * (100 - keep) / 100, answer = 0, expected = 0;
  uint32_t largest = (uint32_t)hs_int("large");
  struct kind small = {hs_random_seeded(seed, 0), 32, (uint32_t)hs_int("small"), 0};
  struct kind large = {hs_random_seeded(seed, 1), largest / 2, largest, 0};
  struct hs_random choice = hs_random_seeded(seed, 2);
  struct kind small_again = small, large_again = large;
  for (uint64_t i = 0; i < rounds; i++) {
    expected += replay(&small_again, i == 0 ? bytes : hole) + replay(&large_again, hole);
  }

  struct list smalls = {NULL, &smalls.first}, larges = {NULL, &larges.first};
  hs_phase(HS_PHASE_WARMUP);
  fill(&smalls, &small, bytes);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 0; i < rounds; i++) {
    if (i > 0) {
      answer += thin_out(&larges, &choice, 0);
      fill(&smalls, &small, hole);
    }
    answer += thin_out(&smalls, &choice, keep);
    fill(&larges, &large, hole);
  }
  hs_phase(HS_PHASE_DRAIN);
  answer += thin_out(&larges, &choice, 0) + thin_out(&smalls, &choice, 0);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
