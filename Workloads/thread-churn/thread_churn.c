/* thread-churn: waves of short threads that each fill their thread cache and exit.
 *
 * Each thread leaves one block alive, which its successor in the next wave frees: the dead thread's pages
 * cannot simply be thrown away. What is resident at the end is what dead threads keep. */
#include "workload.h"

#define MAX_THREADS 128

struct block {
  struct block *next;
  uint32_t size;
  uint32_t tag; /* from wave, thread and index; a block's last byte repeats its top byte */
};

struct worker {
  pthread_t thread;
  uint64_t serial;      /* the number of this thread among all of the run */
  struct block *legacy; /* from the predecessor, later for the successor; its tag is that thread's last */
  uint64_t answer;
};

static struct worker workers[MAX_THREADS];
static uint64_t thread_count, block_count, seed;
static pthread_barrier_t all_full; /* so that all threads of a wave are alive at once, whatever the machine */

static uint32_t tag_of(uint64_t serial, uint64_t index) {
  return (uint32_t)((serial * block_count + index + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

/* 16 B to 16 KiB, small octaves more likely: the less of two draws. */
static uint32_t draw(struct hs_random *random) {
  uint64_t one = hs_random_below(random, 10), other = hs_random_below(random, 10);
  uint64_t low = UINT64_C(16) << (one < other ? one : other);
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

static struct block *fill(uint64_t serial) {
  struct hs_random random = hs_random_seeded(seed, serial);
  struct block *first = NULL, **end = &first;
  for (uint64_t i = 0; i < block_count; i++) {
    struct block *block = allocate(draw(&random), tag_of(serial, i));
    *end = block;
    end = &block->next;
  }
  *end = NULL;
  return first;
}

static void *live(void *argument) {
  struct worker *worker = argument;
  hs_thread_begin();
  struct block *block = fill(worker->serial);
  pthread_barrier_wait(&all_full);
  if (worker->legacy) {
    uint64_t predecessor = worker->serial - thread_count;
    worker->answer += release(worker->legacy, tag_of(predecessor, block_count - 1));
  }
  for (uint64_t i = 0; i + 1 < block_count && block; i++) {
    struct block *next = block->next;
    worker->answer += release(block, tag_of(worker->serial, i));
    block = next;
  }
  worker->legacy = block;
  hs_thread_end();
  return NULL;
}

static void run_wave(uint64_t wave) {
  for (uint64_t i = 0; i < thread_count; i++) {
    workers[i].serial = wave * thread_count + i;
    hs_thread_start(&workers[i].thread, live, &workers[i]);
  }
  for (uint64_t i = 0; i < thread_count; i++) pthread_join(workers[i].thread, NULL);
}

static uint64_t replay(uint64_t serial) {
  struct hs_random random = hs_random_seeded(seed, serial);
  uint64_t sum = 0;
  for (uint64_t i = 0; i < block_count; i++) sum += (uint64_t)tag_of(serial, i) * draw(&random);
  return sum;
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  uint64_t waves = (uint64_t)hs_int("waves"), answer = 0, expected = 0;
  thread_count = (uint64_t)hs_int("threads");
  block_count = (uint64_t)hs_int("blocks");
  seed = (uint64_t)hs_int("seed");
  for (uint64_t i = 0; i < waves * thread_count; i++) expected += replay(i);
  pthread_barrier_init(&all_full, NULL, (unsigned)thread_count);

  hs_phase(HS_PHASE_WARMUP);
  run_wave(0);
  hs_phase(HS_PHASE_STEADY);
  for (uint64_t i = 1; i < waves; i++) run_wave(i);
  hs_phase(HS_PHASE_DRAIN);
  for (uint64_t i = 0; i < thread_count; i++) {
    answer += workers[i].answer;
    answer += release(workers[i].legacy, tag_of(workers[i].serial, block_count - 1));
  }
  hs_idle(hs_int("idle"));
  return hs_finish(answer, expected);
}
