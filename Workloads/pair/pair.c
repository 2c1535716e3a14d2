/* A pair of free and malloc, again and again, on the slots of one thread. */
#include "workload.h"

/* Beside what a pair costs in an allocator, what we do ourselves must be little: nothing is called, and a block's
 * size follows from its number, so that it need not be kept. */
#define INLINE static inline __attribute__((always_inline))

#define SMALLEST 40
#define SIZE_BITS 6 /* sizes are SMALLEST ... SMALLEST + 63 */

/* Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4): every block has a size of its own. */
INLINE uint64_t size_of(uint64_t number) {
  return SMALLEST + (number * UINT64_C(0x9E3779B97F4A7C15) >> (64 - SIZE_BITS));
}

/* Every block of the run has a number of its own; five words are written, as a program fills a small object. */
INLINE void put(uint64_t **slot, uint64_t size, uint64_t number) {
  uint64_t *block = hs_malloc(size);
  for (int i = 0; i < 5; i++) ((volatile uint64_t *)block)[i] = number;
  *slot = block;
}

INLINE uint64_t take(uint64_t **slot, uint64_t numbers) {
  uint64_t *block = *slot, number = *block;
  if (hs_unlikely(number >= numbers)) hs_wrong("pair: a block was damaged");
  hs_free(block, size_of(number));
  return number;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  const uint64_t count = (uint64_t)hs_int("slots"), operations = (uint64_t)hs_int("operations");
  struct hs_random random = hs_random_seeded((uint64_t)hs_int("seed"), 0);
  size_t table = count * sizeof(uint64_t *);
  void *memory = mmap(NULL, table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) hs_out_of_memory(table);
  uint64_t **slots = memory, answer = 0, made = 0;

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < count; i++, made++) put(&slots[i], size_of(made), made);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 0; i < operations; i++, made++) {
    uint64_t **slot = &slots[hs_random_below(&random, count)];
    answer += take(slot, made);
    put(slot, size_of(made), made);
  }
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < count; i++) answer += take(&slots[i], made);
  munmap(slots, table);
  hs_idle(hs_int("idle"));
  uint64_t total = count + operations;
  return hs_finish(answer, total % 2 ? (total - 1) / 2 * total : total / 2 * (total - 1));
}
