#define _GNU_SOURCE 1
#include "perf.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int hs_perf_open(struct perf_event_attr *attr, int pid, int cpu, int group) {
  long fd = syscall(SYS_perf_event_open, attr, pid, cpu, group, PERF_FLAG_FD_CLOEXEC);
  return fd < 0 ? -errno : (int)fd;
}

static int control(int fd, unsigned long request, int whole_group) {
  return ioctl(fd, request, whole_group ? PERF_IOC_FLAG_GROUP : 0) == 0 ? 0 : -errno;
}

int hs_perf_enable(int fd, int whole_group) { return control(fd, PERF_EVENT_IOC_ENABLE, whole_group); }

int hs_perf_disable(int fd, int whole_group) { return control(fd, PERF_EVENT_IOC_DISABLE, whole_group); }

int hs_perf_id(int fd, uint64_t *id) { return ioctl(fd, PERF_EVENT_IOC_ID, id) == 0 ? 0 : -errno; }

int hs_perf_set_output(int fd, int ring_fd) {
  return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring_fd) == 0 ? 0 : -errno;
}

uint64_t hs_perf_ring_head(const struct perf_event_mmap_page *page) {
  return __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
}

uint64_t hs_perf_ring_tail(const struct perf_event_mmap_page *page) { return page->data_tail; }

void hs_perf_ring_consume(struct perf_event_mmap_page *page, uint64_t tail) {
  __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
}
