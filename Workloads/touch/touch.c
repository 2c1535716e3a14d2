/* touch: one call site makes nearly all resident memory. Small blocks are allocated and written elsewhere before,
 * so that an attribution of resident memory has something to tell apart. */
#include "workload.h"

#define PAGE 4096u
#define SMALL_BLOCKS 2000
#define SMALL_BYTES 256u

static unsigned char *small[SMALL_BLOCKS];

static __attribute__((noinline)) void write_small_blocks(void) {
  for (int i = 0; i < SMALL_BLOCKS; i++) {
    small[i] = hs_malloc(SMALL_BYTES);
    memset(small[i], i & 0xff, SMALL_BYTES);
  }
}

/* The known call site: every page of the block becomes resident here. */
static __attribute__((noinline)) void touch_every_page(unsigned char *block, uint64_t bytes) {
  for (uint64_t at = 0; at < bytes; at += PAGE) block[at] = (unsigned char)(at / PAGE % 251);
}

static uint64_t sum_of(const unsigned char *block, uint64_t bytes) {
  uint64_t sum = 0;
  for (uint64_t at = 0; at < bytes; at += PAGE) sum += block[at];
  return sum;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t bytes = (uint64_t)hs_int("size"), answer = 0, expected = 0;
  for (uint64_t at = 0; at < bytes; at += PAGE) expected += at / PAGE % 251;

  hs_phase(HS_PHASE_WARMUP);
  write_small_blocks();
  hs_phase(HS_PHASE_STEADY);
  unsigned char *block = hs_malloc(bytes);
  touch_every_page(block, bytes);
  answer = sum_of(block, bytes);
  hs_phase(HS_PHASE_DRAIN);
  hs_free(block, bytes);
  for (int i = 0; i < SMALL_BLOCKS; i++) hs_free(small[i], SMALL_BYTES);
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
