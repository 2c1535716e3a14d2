/* perf_event_open(2) and its ring buffers.
 *
 * Why C: the system call has no wrapper in libc, its ioctl numbers are macros that do not import, and head and
 * tail of a ring need acquire and release ordering on shared memory. */
#ifndef HEAPSCALE_PERF_H
#define HEAPSCALE_PERF_H

#include <linux/perf_event.h>
#include <stdint.h>

/* Opens an event, close-on-exec. group: a leader's descriptor or -1. Returns the descriptor or a negative errno. */
int hs_perf_open(struct perf_event_attr *attr, int pid, int cpu, int group);

/* Starts or stops an event; with `whole_group` its group. Returns 0 or a negative errno. */
int hs_perf_enable(int fd, int whole_group);
int hs_perf_disable(int fd, int whole_group);

/* The event's id, as it stands in samples. Returns 0 or a negative errno. */
int hs_perf_id(int fd, uint64_t *id);

/* Sends an event's samples into the ring of another event on the same CPU. Returns 0 or a negative errno. */
int hs_perf_set_output(int fd, int ring_fd);

/* How far the kernel has written, and how far we have read (both grow without bound). */
uint64_t hs_perf_ring_head(const struct perf_event_mmap_page *page);
uint64_t hs_perf_ring_tail(const struct perf_event_mmap_page *page);

/* Tells the kernel that everything before `tail` may be overwritten. */
void hs_perf_ring_consume(struct perf_event_mmap_page *page, uint64_t tail);

#endif
