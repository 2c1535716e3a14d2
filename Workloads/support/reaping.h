/* Ends everything that descends from this process, which must be a sub-reaper (PR_SET_CHILD_SUBREAPER): orphans come to
 * it, so that nobody leaves its tree by a double fork or a session of its own.
 *
 * Only system calls and memory of its own: a child that a process with threads has forked may call nothing else
 * (signal-safety(7)). That is why /proc is read without opendir and sscanf. */
#ifndef HEAPSCALE_REAPING_H
#define HEAPSCALE_REAPING_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* More processes than these are ended in several rounds. */
#define REAPING_PROCESSES 32768

struct reaping_process {
  int32_t pid, parent;
  bool descends, lives;
};

/* Pages that nobody touches cost nothing. */
static struct reaping_process reaping_table[REAPING_PROCESSES];

static uint64_t reaping_now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void reaping_pause(long nanoseconds) {
  struct timespec pause = {0, nanoseconds};
  nanosleep(&pause, NULL);
}

/* Parent and state from /proc/PID/stat: the fields after the last ')', since a name may hold anything. */
static bool reaping_read_stat(int32_t pid, int32_t *parent, char *state) {
  char path[32] = "/proc/", text[512];
  size_t length = 6;
  char digits[12];
  size_t count = 0;
  for (int32_t rest = pid; rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
  while (count) path[length++] = digits[--count];
  memcpy(path + length, "/stat", 6);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t got = read(fd, text, sizeof text - 1);
  close(fd);
  if (got <= 0) return false;
  text[got] = 0;
  char *after = strrchr(text, ')');
  if (!after || after + 4 >= text + got) return false;
  *state = after[2];
  *parent = 0;
  for (char *digit = after + 4; *digit >= '0' && *digit <= '9'; digit++) *parent = *parent * 10 + (*digit - '0');
  return true;
}

/* Fills the table, in the order of /proc, which is that of the numbers. -1 where /proc cannot be read. */
static int reaping_list(void) {
  struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
  };
  static char buffer[32768] __attribute__((aligned(8)));
  int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int count = 0;
  for (long got; (got = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0;) {
    for (long at = 0; at < got;) {
      struct entry *entry = (struct entry *)(buffer + at);
      at += entry->length;
      int32_t pid = 0;
      for (char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++) pid = pid * 10 + (*digit - '0');
      char state;
      if (pid <= 0 || count == REAPING_PROCESSES) continue;
      struct reaping_process *process = &reaping_table[count];
      if (!reaping_read_stat(pid, &process->parent, &state)) continue;
      process->pid = pid;
      process->descends = false;
      process->lives = state != 'Z' && state != 'X';
      count++;
    }
  }
  close(fd);
  return count;
}

static struct reaping_process *reaping_find(int count, int32_t pid) {
  int low = 0, high = count - 1;
  while (low <= high) {
    int middle = (low + high) / 2;
    if (reaping_table[middle].pid == pid) return &reaping_table[middle];
    if (reaping_table[middle].pid < pid) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return NULL;
}

/* Sends a signal to every living descendant but `except`. Returns how many there were, those that could not be signalled
 * included, or -1 where /proc cannot be read. */
static int reaping_signal(int number, int32_t except) {
  int count = reaping_list(), found = 0;
  int32_t self = (int32_t)getpid();
  for (bool more = count > 0; more;) {
    more = false;
    for (int i = 0; i < count; i++) {
      struct reaping_process *process = &reaping_table[i];
      if (process->descends || process->pid == except) continue;
      struct reaping_process *parent = reaping_find(count, process->parent);
      if (process->parent != self && !(parent && parent->descends)) continue;
      process->descends = more = true;
    }
  }
  for (int i = 0; i < count; i++) {
    struct reaping_process *process = &reaping_table[i];
    if (!process->descends || !process->lives) continue;
    found++;
    kill(process->pid, number);
  }
  return count < 0 ? -1 : found;
}

struct reaping_result {
  uint32_t ended;     /* processes that died by our signal */
  uint32_t survivors; /* processes that did not within the time: of another user, or in uninterruptible sleep */
};

/* Ends all descendants and reaps them. They are stopped first, since a tree that forks faster than it is read would
 * outrun the signals. `any` of them may have ended by itself. */
static struct reaping_result reaping_end_all(uint64_t nanoseconds) {
  struct reaping_result result = {0, 0};
  uint64_t deadline = reaping_now_ns() + nanoseconds;
  for (int last = 0, now; (now = reaping_signal(SIGSTOP, 0)) > last; last = now) {
    if (reaping_now_ns() > deadline) break;
  }
  for (;;) {
    int left = reaping_signal(SIGKILL, 0), status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
      if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) result.ended++;
    }
    if (pid < 0 && errno == ECHILD) return result;
    if (reaping_now_ns() > deadline) {
      result.survivors = left > 0 ? (uint32_t)left : 1;
      return result;
    }
    reaping_pause(2000000);
  }
}

#endif
