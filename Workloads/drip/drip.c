/* drip: a server's day. Steady small load, bursts of ten times as much, and calm with short sleeps between.
 *
 * Requests die at a tick drawn when they arrive: most soon, a few late, so that a burst leaves a few blocks
 * on many pages. The blocks hang on a wheel of ticks, as timers do, in lists through themselves. */
#include "workload.h"

#define WHEEL 1024       /* ticks; longer than the longest life */
#define CALM_TICKS 100
#define BURST_TICKS 100

struct block {
  struct block *next;
  uint32_t size;
  uint32_t due; /* the tick at which it is freed; 0 once it is */
};

static struct block *wheel[WHEEL];

/* 32 B to 2 KiB, each octave as likely as the next. */
static uint32_t draw_size(struct hs_random *random) {
  uint64_t low = UINT64_C(32) << hs_random_below(random, 6);
  return (uint32_t)hs_random_between(random, low, 2 * low);
}

/* Nine in ten live up to 8 ticks, nine in a hundred up to 64, one in a hundred up to 512. */
static uint32_t draw_life(struct hs_random *random) {
  uint64_t lot = hs_random_below(random, 100);
  return (uint32_t)hs_random_between(random, 1, lot < 90 ? 8 : lot < 99 ? 64 : 512);
}

static uint64_t seal(uint32_t size, uint32_t due) {
  return ((uint64_t)size << 32 | due) * UINT64_C(0x9E3779B97F4A7C15);
}

static void arrive(struct hs_random *random, uint32_t now) {
  uint32_t size = draw_size(random), due = now + draw_life(random);
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

static void rest(int64_t nanoseconds) {
  struct timespec t = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
  while (nanosleep(&t, &t) != 0 && errno == EINTR) {
  }
}

static uint64_t run(struct hs_random *random, uint32_t *now, uint32_t ticks, uint64_t load,
                    int64_t sleep_ns) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < ticks; i++, ++*now) {
    sum += expire(*now);
    for (uint64_t n = 0; n < load; n++) arrive(random, *now);
    if (sleep_ns > 0) rest(sleep_ns);
  }
  return sum;
}

/* The seals of all requests of so many ticks, without allocating. */
static uint64_t replay(struct hs_random *random, uint32_t *now, uint32_t ticks, uint64_t load) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < ticks; i++, ++*now) {
    for (uint64_t n = 0; n < load; n++) {
      uint32_t size = draw_size(random), due = *now + draw_life(random);
      sum += seal(size, due);
    }
  }
  return sum;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t load = (uint64_t)hs_int("load"), bursts = (uint64_t)hs_int("bursts"), answer = 0, expected = 0;
  uint64_t burst_load = load * (uint64_t)hs_int("factor");
  int64_t sleep_ns = hs_int("calm") * 1000000 / CALM_TICKS;
  struct hs_random random = hs_random_seeded((uint64_t)hs_int("seed"), 0), again = random;
  uint32_t now = 1, now_again = 1;
  expected += replay(&again, &now_again, CALM_TICKS, load);
  for (uint64_t i = 0; i < bursts; i++) {
    expected += replay(&again, &now_again, BURST_TICKS, burst_load);
    expected += replay(&again, &now_again, CALM_TICKS, load);
  }

  hs_phase(HS_PHASE_WARMUP);
  answer += run(&random, &now, CALM_TICKS, load, 0);
  for (uint64_t i = 0; i < bursts; i++) {
    hs_phase(HS_PHASE_STEADY); /* marked twice a burst: what is resident at its top, and when calm is over */
    answer += run(&random, &now, BURST_TICKS, burst_load, 0);
    hs_phase(HS_PHASE_STEADY);
    answer += run(&random, &now, CALM_TICKS, load, sleep_ns);
  }
  hs_phase(HS_PHASE_DRAIN);
  answer += run(&random, &now, WHEEL, 0, 0);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
