#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "CLinux.h"

int hs_room_descriptors(int wanted) {
  int opened[256], count = 0;
  if (wanted > 256) wanted = 256;
  while (count < wanted && (opened[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) count++;
  for (int i = 0; i < count; i++) close(opened[i]);
  return count;
}

static void *wait_for_end(void *fd) {
  char byte;
  ssize_t ignored = read(*(int *)fd, &byte, 1);
  (void)ignored;
  return NULL;
}

int hs_room_threads(int wanted) {
  pthread_t threads[64];
  int ends[2], count = 0;
  if (wanted > 64) wanted = 64;
  if (pipe2(ends, O_CLOEXEC) != 0) return 0;
  while (count < wanted && pthread_create(&threads[count], NULL, wait_for_end, &ends[0]) == 0) count++;
  close(ends[1]);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  close(ends[0]);
  return count;
}

uint64_t hs_room_address_space(uint64_t wanted) {
  uint64_t found = wanted;
  while (found > 1 << 20) {
    void *room = mmap(NULL, found, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room != MAP_FAILED) {
      munmap(room, found);
      return found;
    }
    found /= 2;
  }
  return 0;
}

/* ------------------------------------------------------------------ interrupts */

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP};
static int interrupt_pipe[2] = {-1, -1};
static volatile sig_atomic_t interrupt_users;
static volatile int64_t first_interrupt_ns;

static void on_interrupt(int number) {
  int error = errno;
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  int64_t now = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
  if (first_interrupt_ns && now - first_interrupt_ns > HS_INTERRUPT_AGAIN_NS) {
    signal(number, SIG_DFL);
    raise(number); /* delivered when this handler returns */
  }
  if (!first_interrupt_ns) first_interrupt_ns = now;
  ssize_t ignored = write(interrupt_pipe[1], "!", 1);
  (void)ignored;
  errno = error;
}

int hs_interrupts_begin(void) {
  if (interrupt_pipe[0] < 0 && pipe2(interrupt_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
  if (interrupt_users++) return interrupt_pipe[0];
  char discarded[64];
  while (read(interrupt_pipe[0], discarded, sizeof discarded) > 0) {
  }
  first_interrupt_ns = 0;
  struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (unsigned i = 0; i < sizeof interrupts / sizeof *interrupts; i++) sigaction(interrupts[i], &action, NULL);
  return interrupt_pipe[0];
}

void hs_interrupts_end(void) {
  if (--interrupt_users) return;
  for (unsigned i = 0; i < sizeof interrupts / sizeof *interrupts; i++) signal(interrupts[i], SIG_DFL);
}

int hs_interrupts_descriptor(void) { return interrupt_users ? interrupt_pipe[0] : -1; }
