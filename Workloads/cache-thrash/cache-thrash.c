/* Active false sharing: threads allocate small objects at the same time and write each its own. An allocator
 * that serves two threads from one cache line makes two processors write into it. */
#include "workload.h"

struct worker {
  _Alignas(64) pthread_t thread; /* no two workers in one cache line */
  uint64_t answer;
};

static uint64_t thread_count, rounds, writes, object_size;
static pthread_barrier_t ready;

/* Adds 1 to every byte of the object so many times: one load and one store each. */
static void scratch(volatile unsigned char *object, uint64_t times) {
  for (uint64_t i = 0; i < times; i++) {
    for (uint64_t j = 0; j < object_size; j++) object[j] = (unsigned char)(object[j] + 1);
  }
}

/* The sum of the object's bytes, each of which must be `value`. */
static uint64_t checked_sum(const unsigned char *object, unsigned char value) {
  for (uint64_t j = 0; j < object_size; j++) {
    if (object[j] != value) hs_wrong("cache-thrash: an object was written by somebody else");
  }
  return object_size * value;
}

static void *work(void *argument) {
  struct worker *self = argument;
  uint64_t times = writes / thread_count;
  hs_thread_begin();
  /* Twice, because main marks the phase while everybody waits between the two. */
  pthread_barrier_wait(&ready);
  pthread_barrier_wait(&ready);
  for (uint64_t i = 0; i < rounds; i++) {
    unsigned char *object = hs_malloc(object_size);
    memset(object, 0, object_size);
    scratch(object, times);
    self->answer += checked_sum(object, (unsigned char)times);
    hs_free(object, object_size);
  }
  hs_thread_end();
  return NULL;
}

static void read_parameters(void) {
  thread_count = (uint64_t)hs_int("threads");
  rounds = (uint64_t)hs_int("rounds");
  writes = (uint64_t)hs_int("writes");
  object_size = (uint64_t)hs_int("size");
  if (writes < thread_count) {
    fprintf(stderr, "cache-thrash: writes must be at least threads, each thread does writes / threads\n");
    exit(HS_EXIT_USAGE);
  }
}

static void start(struct worker *workers) {
  for (uint64_t i = 0; i < thread_count; i++) hs_thread_start(&workers[i].thread, work, &workers[i]);
}

int main(int argc, char **argv) {
  static struct worker workers[256];
  hs_start(argc, argv);
  read_parameters();
  pthread_barrier_init(&ready, NULL, (unsigned)thread_count + 1);

  hs_phase(HS_PHASE_WARMUP);
  start(workers);
  pthread_barrier_wait(&ready);
  hs_phase(HS_PHASE_STEADY);
  pthread_barrier_wait(&ready);
  uint64_t answer = 0;
  for (uint64_t i = 0; i < thread_count; i++) {
    pthread_join(workers[i].thread, NULL);
    answer += workers[i].answer;
  }
  hs_phase(HS_PHASE_DRAIN); /* nothing is left: every thread has freed its object */
  hs_idle(hs_int("idle"));
  uint64_t last = (unsigned char)(writes / thread_count);
  return hs_finish(answer, thread_count * rounds * object_size * last);
}
