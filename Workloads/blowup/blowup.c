/* blowup: generations of threads take turns to hold and free the same amount, and stay alive.
 *
 * Never more than one generation's memory is live, so whatever is resident beyond it was freed by one
 * thread and could not be used by the next. */
#include "workload.h"

#define MAX_GENERATIONS 256
#define SMALLEST 8
#define LARGEST (16 * 1024)

static void **blocks; /* of the generation whose turn it is; sizes are drawn again from the same stream */
static uint64_t hold, seed;
static pthread_barrier_t turn; /* main and the generation that runs: has filled, may free, has freed */
static pthread_barrier_t over; /* main and all generations: the program ends */
static uint64_t answers[MAX_GENERATIONS];

static uint64_t seal(uint64_t generation, uint64_t index) {
  return (generation * UINT64_C(0xD1B54A32D192ED03) + index + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static size_t draw(struct hs_random *random) { return hs_random_between(random, SMALLEST, LARGEST); }

/* The number of blocks a generation needs to hold `hold` bytes; adds their seals. */
static uint64_t replay(uint64_t generation, uint64_t *sum) {
  struct hs_random random = hs_random_seeded(seed, generation);
  uint64_t count = 0;
  for (uint64_t bytes = 0; bytes < hold; count++) {
    bytes += draw(&random);
    *sum += seal(generation, count);
  }
  return count;
}

static void fill(uint64_t generation) {
  struct hs_random random = hs_random_seeded(seed, generation);
  uint64_t index = 0;
  for (uint64_t bytes = 0; bytes < hold; index++) {
    size_t size = draw(&random);
    uint64_t word = seal(generation, index);
    unsigned char *block = hs_malloc(size);
    hs_touch(block, size, (unsigned char)word);
    memcpy(block, &word, sizeof word);
    blocks[index] = block;
    bytes += size;
  }
}

static uint64_t release(unsigned char *block, size_t size, uint64_t expected) {
  uint64_t word;
  memcpy(&word, block, sizeof word);
  if (word != expected) hs_wrong("the first word of a block was damaged");
  if (size > sizeof word && block[size - 1] != (unsigned char)word) hs_wrong("the last byte was damaged");
  hs_free(block, size);
  return word;
}

static uint64_t free_all(uint64_t generation) {
  struct hs_random random = hs_random_seeded(seed, generation);
  uint64_t sum = 0, index = 0;
  for (uint64_t bytes = 0; bytes < hold; index++) {
    size_t size = draw(&random);
    sum += release(blocks[index], size, seal(generation, index));
    bytes += size;
  }
  return sum;
}

static void *live(void *argument) {
  uint64_t generation = (uint64_t)(uintptr_t)argument;
  hs_thread_begin();
  fill(generation);
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  answers[generation] = free_all(generation);
  hs_thread_end();
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&over);
  return NULL;
}

/* One generation's turn. The last one frees in the drain phase, while all others are still alive. */
static pthread_t run_generation(uint64_t generation, bool last) {
  pthread_t thread;
  hs_thread_start(&thread, live, (void *)(uintptr_t)generation);
  pthread_barrier_wait(&turn);
  if (last) hs_phase(HS_PHASE_DRAIN);
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  return thread;
}

/* Room for the blocks of the largest generation, taken from the kernel: it is none of the allocator's. */
static uint64_t prepare(uint64_t generations) {
  uint64_t most = 0, expected = 0;
  for (uint64_t g = 0; g < generations; g++) {
    uint64_t count = replay(g, &expected);
    if (count > most) most = count;
  }
  blocks = mmap(NULL, most * sizeof *blocks, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (blocks == MAP_FAILED) hs_out_of_memory(most * sizeof *blocks);
  pthread_barrier_init(&turn, NULL, 2);
  pthread_barrier_init(&over, NULL, (unsigned)generations + 1);
  return expected;
}

int main(int argc, char **argv) {
  static pthread_t threads[MAX_GENERATIONS];
  hs_start(argc, argv);
  uint64_t generations = (uint64_t)hs_int("generations"), answer = 0;
  hold = (uint64_t)hs_int("hold");
  seed = (uint64_t)hs_int("seed");
  uint64_t expected = prepare(generations);

  hs_phase(HS_PHASE_WARMUP);
  threads[0] = run_generation(0, false);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t g = 1; g < generations; g++) threads[g] = run_generation(g, g + 1 == generations);
  hs_idle(hs_int("idle"));
  for (uint64_t g = 0; g < generations; g++) answer += answers[g];
  int code = hs_finish(answer, expected);
  pthread_barrier_wait(&over);
  for (uint64_t g = 0; g < generations; g++) pthread_join(threads[g], NULL);
  return code;
}
