/* sawtooth: grows to a peak of mixed sizes, frees everything, idles, and does it again.
 *
 * The blocks are a list through themselves: no table of the program's own clouds the resident curve. */
#include "workload.h"

struct block {
  struct block *next;
  uint32_t size;
  uint32_t tag; /* from the serial number; a block's last byte repeats its top byte */
};

static uint32_t tag_of(uint64_t serial) {
  return (uint32_t)((serial + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

/* 127 of 128 blocks have 16 B to 1 KiB, the others up to 64 KiB, each octave as likely as the next: a third
 * of the bytes is in the few large ones. */
static uint32_t draw(struct hs_random *random) {
  uint64_t large = hs_random_below(random, 128) == 0;
  uint64_t low = UINT64_C(1) << ((large ? 10 : 4) + hs_random_below(random, 6));
  return (uint32_t)hs_random_between(random, low, 2 * low);
}

static struct block *allocate(uint32_t size, uint32_t tag) {
  struct block *block = hs_malloc(size);
  hs_touch(block, size, (unsigned char)(tag >> 24));
  block->size = size;
  block->tag = tag;
  return block;
}

static uint64_t release(struct block *block, uint32_t tag) {
  const unsigned char *bytes = (const unsigned char *)block;
  uint32_t size = block->size;
  if (block->tag != tag) hs_wrong("the header of a block was damaged");
  if (size > sizeof *block && bytes[size - 1] != tag >> 24) hs_wrong("the last byte of a block was damaged");
  hs_free(block, size);
  return (uint64_t)tag * size;
}

static struct block *grow(struct hs_random random, uint64_t peak) {
  struct block *first = NULL, **end = &first;
  uint64_t bytes = 0;
  for (uint64_t serial = 0; bytes < peak; serial++) {
    struct block *block = allocate(draw(&random), tag_of(serial));
    bytes += block->size;
    *end = block;
    end = &block->next;
  }
  *end = NULL;
  return first;
}

static uint64_t drain(struct block *block) {
  uint64_t sum = 0;
  for (uint64_t serial = 0; block; serial++) {
    struct block *next = block->next;
    sum += release(block, tag_of(serial));
    block = next;
  }
  return sum;
}

/* What drain must answer, without allocating. */
static uint64_t replay(struct hs_random random, uint64_t peak) {
  uint64_t sum = 0, bytes = 0;
  for (uint64_t serial = 0; bytes < peak; serial++) {
    uint32_t size = draw(&random);
    bytes += size;
    sum += (uint64_t)tag_of(serial) * size;
  }
  return sum;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t peak = (uint64_t)hs_int("peak"), cycles = (uint64_t)hs_int("cycles");
  uint64_t seed = (uint64_t)hs_int("seed"), answer = 0, expected = 0;
  int64_t idle = hs_int("idle");
  for (uint64_t i = 0; i < cycles; i++) expected += replay(hs_random_seeded(seed, i), peak);

  for (uint64_t i = 0; i < cycles; i++) {
    /* The first growth is into memory that the process never had: not what later ones cost. */
    hs_phase(i == 0 && cycles > 1 ? HS_PHASE_WARMUP : HS_PHASE_STEADY);
    struct block *first = grow(hs_random_seeded(seed, i), peak);
    hs_phase(HS_PHASE_DRAIN);
    answer += drain(first);
    hs_idle(idle);
  }
  return hs_finish(answer, expected);
}
