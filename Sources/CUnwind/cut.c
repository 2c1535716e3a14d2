#define _GNU_SOURCE 1
#include "cut.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* More files than programs have mapped; the kernel's own limit is 65,530 mappings. */
#define MAPPINGS 16384

struct noted {
  _Atomic uintptr_t start; /* 0: free; 1: being filled */
  _Atomic uintptr_t end;
  _Atomic int is_cut;
};

static struct noted mappings[MAPPINGS];
static _Atomic int highest;
static uintptr_t page_size;
static struct sigaction before;
static pthread_once_t installed = PTHREAD_ONCE_INIT;
static _Thread_local volatile int depth;
static _Thread_local volatile int missed;

/* The noted mapping that holds an address; -1: none. */
static int find(uintptr_t address) {
  int count = atomic_load(&highest);
  for (int i = 0; i < count; i++) {
    uintptr_t start = atomic_load(&mappings[i].start);
    if (start > 1 && address >= start && address < atomic_load(&mappings[i].end)) return i;
  }
  return -1;
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  int noted = info->si_code == BUS_ADRERR ? find(address) : -1;
  if (noted >= 0 || (info->si_code == BUS_ADRERR && depth > 0)) {
    void *page = (void *)(address & ~(page_size - 1));
    void *zeros = mmap(page, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == page) {
      if (noted >= 0) atomic_store(&mappings[noted].is_cut, 1);
      missed = 1;
      return;
    }
  }
  if (before.sa_flags & SA_SIGINFO && before.sa_sigaction) {
    before.sa_sigaction(number, info, context);
    return;
  }
  /* The instruction is tried again, and ends the process as it would have without us. */
  sigaction(SIGBUS, &before, NULL);
}

static void install(void) {
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &before);
}

int hs_cut_note(const void *start, size_t length) {
  pthread_once(&installed, install);
  for (int i = 0; i < MAPPINGS; i++) {
    uintptr_t empty = 0;
    if (!atomic_compare_exchange_strong(&mappings[i].start, &empty, 1)) continue;
    atomic_store(&mappings[i].is_cut, 0);
    atomic_store(&mappings[i].end, (uintptr_t)start + length);
    int count = atomic_load(&highest);
    while (count <= i && !atomic_compare_exchange_weak(&highest, &count, i + 1)) {
    }
    atomic_store(&mappings[i].start, (uintptr_t)start);
    return i;
  }
  return -1;
}

int hs_cut_happened(int number) { return number >= 0 && number < MAPPINGS ? atomic_load(&mappings[number].is_cut) : 0; }

void hs_cut_forget(int number) {
  if (number >= 0 && number < MAPPINGS) atomic_store(&mappings[number].start, 0);
}

void hs_cut_begin(void) {
  pthread_once(&installed, install);
  if (depth++ == 0) missed = 0;
}

int hs_cut_end(void) {
  if (depth > 0) depth--;
  return missed;
}
