/* size-drift: the sizes asked for move slowly from small to large while the live bytes stay the same.
 *
 * Every tick allocates the same number of bytes, and each block is freed at a tick drawn when it is made.
 * The blocks hang on a wheel of ticks in lists through themselves, so that no table clouds the curve. */
#include "workload.h"

#define WHEEL 2048
#define LONGEST_LIFE 1024 /* ticks; lives are uniform, so live bytes are about half of that times a tick's */

struct block {
  struct block *next;
  uint32_t size;
  uint32_t due; /* the tick at which it is freed; 0 once it is */
};

struct drift {
  struct hs_random random;
  uint64_t small, large, octave_ticks;
  uint64_t tick_bytes;
  int64_t owed; /* bytes still to be allocated; below zero when the last block was more than the rest */
  uint32_t now;
};

static struct block *wheel[WHEEL];

/* Doubles every octave_ticks, linearly within an octave. Before the drift starts, and after it, it stands. */
static uint64_t centre(const struct drift *d, uint32_t start) {
  uint64_t ticks = d->now > start ? d->now - start : 0;
  uint64_t low = d->small << ticks / d->octave_ticks;
  uint64_t size = low + low * (ticks % d->octave_ticks) / d->octave_ticks;
  return size < d->large ? size : d->large;
}

static uint64_t seal(uint32_t size, uint32_t due) {
  return ((uint64_t)size << 32 | due) * UINT64_C(0x9E3779B97F4A7C15);
}

/* Draws the next block of this tick; false when the tick has had its bytes. */
static bool draw(struct drift *d, uint64_t middle, uint32_t *size, uint32_t *due) {
  if (d->owed <= 0) return false;
  *size = (uint32_t)hs_random_between(&d->random, middle / 2, middle + middle / 2);
  *due = d->now + (uint32_t)hs_random_between(&d->random, 1, LONGEST_LIFE);
  d->owed -= *size;
  return true;
}

static void allocate(uint32_t size, uint32_t due) {
  struct block *block = hs_malloc(size);
  hs_touch(block, size, (unsigned char)(seal(size, due) >> 56));
  *block = (struct block){wheel[due % WHEEL], size, due};
  wheel[due % WHEEL] = block;
}

/* Frees what is due; a block that is not due now hangs here by damage. */
static uint64_t expire(uint32_t now) {
  uint64_t sum = 0;
  struct block *block = wheel[now % WHEEL];
  wheel[now % WHEEL] = NULL;
  while (block) {
    struct block *next = block->next;
    uint64_t word = seal(block->size, now);
    if (block->due != now) hs_wrong("the header of a block was damaged");
    if (((unsigned char *)block)[block->size - 1] != word >> 56) hs_wrong("the last byte was damaged");
    block->due = 0;
    hs_free(block, block->size);
    sum += word;
    block = next;
  }
  return sum;
}

/* Runs up to a tick; when `dry`, draws only and answers what the blocks will be worth when freed. */
static uint64_t run(struct drift *d, uint32_t start, uint32_t end, bool dry) {
  uint64_t sum = 0;
  for (; d->now < end; d->now++) {
    uint32_t size, due;
    uint64_t middle = centre(d, start);
    if (!dry) sum += expire(d->now);
    d->owed += (int64_t)d->tick_bytes;
    while (draw(d, middle, &size, &due)) {
      if (dry) {
        sum += seal(size, due);
      } else {
        allocate(size, due);
      }
    }
  }
  return sum;
}

static uint64_t drain(uint32_t now) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < WHEEL; i++) sum += expire(now + i);
  return sum;
}

static uint32_t octaves(uint64_t small, uint64_t large) {
  uint32_t count = 0;
  while (small << count < large) count++;
  return count;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  struct drift d = {.now = 1, .random = hs_random_seeded((uint64_t)hs_int("seed"), 0)};
  d.small = (uint64_t)hs_int("small");
  d.large = (uint64_t)hs_int("large");
  d.octave_ticks = (uint64_t)hs_int("turnovers") * LONGEST_LIFE / 2;
  d.tick_bytes = (uint64_t)hs_int("live") / (LONGEST_LIFE / 2);
  if (d.large < d.small) {
    fprintf(stderr, "size-drift: large must not be less than small\n");
    return HS_EXIT_USAGE;
  }
  uint32_t start = 1 + LONGEST_LIFE;
  uint32_t end = start + LONGEST_LIFE + octaves(d.small, d.large) * (uint32_t)d.octave_ticks;
  struct drift again = d;
  uint64_t answer = 0, expected = run(&again, start, end, true);

  hs_phase(HS_PHASE_WARMUP);
  answer += run(&d, start, start, false);
  hs_phase(HS_PHASE_STEADY);
  answer += run(&d, start, end, false);
  hs_phase(HS_PHASE_DRAIN);
  answer += drain(d.now);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
