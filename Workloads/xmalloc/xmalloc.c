/* Producers allocate, consumers free: batches of equal blocks pass through a bounded stack. */
#include "workload.h"

struct batch {
  struct batch *next;
  uint64_t first_number; /* of its blocks; every block of the run has a number of its own */
  char *blocks[];
};

struct worker {
  _Alignas(64) pthread_t thread; /* no two workers in one cache line */
  uint64_t index;
  uint64_t answer;
};

static uint64_t pair_count, batch_count, block_count, block_size, stack_limit;
static pthread_barrier_t ready;

static struct {
  pthread_mutex_t lock;
  pthread_cond_t not_full, not_empty;
  struct batch *top;
  uint64_t depth;
} stack = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0};

static void push(struct batch *batch) {
  pthread_mutex_lock(&stack.lock);
  while (stack.depth == stack_limit) pthread_cond_wait(&stack.not_full, &stack.lock);
  batch->next = stack.top;
  stack.top = batch;
  stack.depth++;
  pthread_cond_signal(&stack.not_empty);
  pthread_mutex_unlock(&stack.lock);
}

static struct batch *pop(void) {
  pthread_mutex_lock(&stack.lock);
  while (stack.depth == 0) pthread_cond_wait(&stack.not_empty, &stack.lock);
  struct batch *batch = stack.top;
  stack.top = batch->next;
  stack.depth--;
  pthread_cond_signal(&stack.not_full);
  pthread_mutex_unlock(&stack.lock);
  return batch;
}

static size_t batch_size(void) {
  return sizeof(struct batch) + block_count * sizeof(char *);
}

static struct batch *make_batch(uint64_t first_number) {
  struct batch *batch = hs_malloc(batch_size());
  batch->first_number = first_number;
  for (uint64_t i = 0; i < block_count; i++) {
    char *block = batch->blocks[i] = hs_malloc(block_size);
    hs_touch(block, block_size, (unsigned char)(first_number + i));
    *(uint64_t *)block = first_number + i;
  }
  return batch;
}

/* Returns the sum of the numbers found in the blocks. */
static uint64_t free_batch(struct batch *batch) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < block_count; i++) {
    char *block = batch->blocks[i];
    uint64_t number = *(uint64_t *)block;
    unsigned char last = (unsigned char)block[block_size - 1];
    /* In a block of 8 bytes the number itself lies over the last byte. */
    bool torn = block_size > sizeof number && last != (unsigned char)number;
    if (torn || number != batch->first_number + i) hs_wrong("xmalloc: a block was damaged on its way");
    sum += number;
    hs_free(block, block_size);
  }
  hs_free(batch, batch_size());
  return sum;
}

/* Twice, because main marks the phase while everybody waits between the two. */
static void wait_for_start(void) {
  pthread_barrier_wait(&ready);
  pthread_barrier_wait(&ready);
}

static void *produce(void *argument) {
  struct worker *self = argument;
  hs_thread_begin();
  wait_for_start();
  for (uint64_t i = 0; i < batch_count; i++) push(make_batch((self->index * batch_count + i) * block_count));
  hs_thread_end();
  return NULL;
}

/* Each consumer takes as many batches as a producer makes: the work of a thread is fixed. */
static void *consume(void *argument) {
  struct worker *self = argument;
  hs_thread_begin();
  wait_for_start();
  for (uint64_t i = 0; i < batch_count; i++) self->answer += free_batch(pop());
  hs_thread_end();
  return NULL;
}

static void start(struct worker *worker, uint64_t index, void *(*body)(void *)) {
  worker->index = index;
  hs_thread_start(&worker->thread, body, worker);
}

static void read_parameters(void) {
  pair_count = (uint64_t)hs_int("threads");
  batch_count = (uint64_t)hs_int("batches");
  block_count = (uint64_t)hs_int("blocks");
  block_size = (uint64_t)hs_int("size");
  stack_limit = (uint64_t)hs_int("stack");
}

int main(int argc, char **argv) {
  static struct worker producers[256], consumers[256];
  hs_start(argc, argv);
  read_parameters();
  pthread_barrier_init(&ready, NULL, (unsigned)(2 * pair_count + 1));

  hs_phase(HS_PHASE_WARMUP);
  for (uint64_t i = 0; i < pair_count; i++) {
    start(&producers[i], i, produce);
    start(&consumers[i], i, consume);
  }
  pthread_barrier_wait(&ready);
  hs_phase(HS_PHASE_STEADY);
  pthread_barrier_wait(&ready);
  uint64_t answer = 0;
  for (uint64_t i = 0; i < pair_count; i++) {
    pthread_join(producers[i].thread, NULL);
    pthread_join(consumers[i].thread, NULL);
    answer += consumers[i].answer;
  }
  hs_phase(HS_PHASE_DRAIN); /* nothing is left: the consumers have freed all */
  hs_idle(hs_int("idle"));
  uint64_t total = pair_count * batch_count * block_count;
  return hs_finish(answer, total % 2 ? (total - 1) / 2 * total : total / 2 * (total - 1));
}
