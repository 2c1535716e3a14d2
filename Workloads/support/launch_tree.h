/* The processes of a trial, as heapscale-launch knows them: each is traced (ptrace) from its birth to its end.
 *
 * Threads are not traced, since a stop for each would cost programs that start many: the first thread of a process
 * stands for it. Two things need more than that. When the first thread ends before the others, these are traced one by
 * one from then on, so that the end of the last, or an exec by one of them, is still seen. And a fork by another thread
 * than the first is not seen by ptrace: the kernel's process connector tells of it (needs CAP_NET_ADMIN), or the harness
 * finds the child under /proc and asks to adopt it.
 *
 * Policy stays in the harness: this file follows, counts and reports. */
#ifndef HEAPSCALE_LAUNCH_TREE_H
#define HEAPSCALE_LAUNCH_TREE_H

#include <sys/syscall.h>
#include <sys/time.h>

/* The kernel's headers are not there for musl, which this program is linked with where it can be: what it needs of them
 * stands here, as linux/ptrace.h, linux/netlink.h, linux/connector.h, linux/cn_proc.h, linux/filter.h and linux/kcmp.h have it. */
#ifndef PTRACE_SEIZE
#define PTRACE_SEIZE 0x4206
#endif
#ifndef PTRACE_LISTEN
#define PTRACE_LISTEN 0x4208
#endif
#ifndef PTRACE_GETEVENTMSG
#define PTRACE_GETEVENTMSG 0x4201
#endif
enum { EVENT_FORK = 1, EVENT_VFORK = 2, EVENT_CLONE = 3, EVENT_EXEC = 4, EVENT_EXIT = 6, EVENT_STOP = 128 };
#define OPTION_FORK 0x2
#define OPTION_VFORK 0x4
#define OPTION_CLONE 0x8
#define OPTION_EXEC 0x10
#define OPTION_EXIT 0x40
#define OPTION_EXITKILL 0x100000
#define OPTIONS_ALONE (OPTION_EXIT | OPTION_EXITKILL)
#define OPTIONS_TREE (OPTIONS_ALONE | OPTION_FORK | OPTION_VFORK | OPTION_EXEC)

/* PF_EXITING of linux/sched.h: the thread is past its exit stop. */
#define THREAD_IS_EXITING 0x4u

#define TREE_BUCKETS 1024

/* A traced thread: the first of its process, or any where the first has ended. */
struct tracee {
  struct tracee *next;
  pid_t tid;
  pid_t tgid;
  bool announced; /* the harness knows its process; until then it waits in its first stop */
  bool exiting;   /* it has come to its exit stop */
  bool waiting;   /* it waits there until the harness has looked */
};

struct tree {
  struct tracee *buckets[TREE_BUCKETS];
  bool whole; /* every process is followed, not the first one alone */
};

static struct tracee **tree_slot(struct tree *tree, pid_t tid) {
  struct tracee **slot = &tree->buckets[(unsigned)tid % TREE_BUCKETS];
  while (*slot && (*slot)->tid != tid) slot = &(*slot)->next;
  return slot;
}

static struct tracee *tree_find(struct tree *tree, pid_t tid) { return *tree_slot(tree, tid); }

/* The entry of a thread, made when there is none; NULL when there is no memory for it. */
static struct tracee *tree_add(struct tree *tree, pid_t tid, pid_t tgid) {
  struct tracee **slot = tree_slot(tree, tid);
  if (!*slot) {
    *slot = calloc(1, sizeof **slot);
    if (!*slot) return NULL;
    (*slot)->tid = tid;
    (*slot)->tgid = tgid;
  }
  return *slot;
}

static void tree_remove(struct tree *tree, pid_t tid) {
  struct tracee **slot = tree_slot(tree, tid), *gone = *slot;
  if (!gone) return;
  *slot = gone->next;
  free(gone);
}

static void tree_forget(struct tree *tree) {
  for (int i = 0; i < TREE_BUCKETS; i++) {
    while (tree->buckets[i]) tree_remove(tree, tree->buckets[i]->tid);
  }
}

/* ------------------------------------------------------------------ what /proc says */

/* What /proc/PID/stat says of a thread or process. */
struct proc_stat {
  char state;
  pid_t parent;
  unsigned flags;
  uint64_t faults_minor, faults_major;
};

static ssize_t read_small(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read(fd, text, size - 1);
  close(fd);
  if (length < 0) return -1;
  text[length] = 0;
  return length;
}

/* Fields after the last ')': a name may hold anything. */
static bool read_stat(const char *path, struct proc_stat *stat) {
  char text[1024];
  unsigned long long minor = 0, major = 0;
  if (read_small(path, text, sizeof text) <= 0) return false;
  char *after = strrchr(text, ')');
  if (!after || sscanf(after + 1, " %c %d %*d %*d %*d %*d %u %llu %*u %llu", &stat->state, &stat->parent,
                       &stat->flags, &minor, &major) != 5) {
    return false;
  }
  stat->faults_minor = minor;
  stat->faults_major = major;
  return true;
}

static bool read_process_stat(pid_t pid, struct proc_stat *stat) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  return read_stat(path, stat);
}

/* A number after `NAME:` in /proc/PID/status, read in a base; `missing` when it is not there. */
static uint64_t status_number(pid_t pid, const char *name, int base, uint64_t missing) {
  char path[64], text[8192], wanted[64];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  if (read_small(path, text, sizeof text) <= 0) return missing;
  snprintf(wanted, sizeof wanted, "\n%s:", name);
  char *line = strstr(text, wanted);
  return line ? strtoull(line + strlen(wanted), NULL, base) : missing;
}

static bool ignores_children(pid_t pid) { return status_number(pid, "SigIgn", 16, 0) >> (SIGCHLD - 1) & 1; }

/* The number of the system call that a thread of a process is in (proc_pid_syscall(5)); -1 when it is in none or that
 * cannot be read. */
static long current_call(pid_t tgid, pid_t tid) {
  char path[64], text[256];
  long number;
  snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", tgid, tid);
  return read_small(path, text, sizeof text) > 0 && sscanf(text, "%ld", &number) == 1 ? number : -1;
}

static bool is_being_killed(pid_t tid) { return status_number(tid, "SigPnd", 16, 0) >> (SIGKILL - 1) & 1; }

/* CPU time of a process with all its threads, the ended ones as well, without its children's; also of a zombie.
 * The clock of another process (clock_getcpuclockid(3)), which the scheduler keeps to the nanosecond. */
static uint64_t process_cpu_ns(pid_t pid) {
  struct timespec t;
  clockid_t clock = (clockid_t)((~(unsigned)pid << 3) | 2u);
  if (clock_gettime(clock, &t) != 0) return 0;
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The program's file; empty when it cannot be read or does not fit. */
static void read_program(pid_t pid, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/%d/exe", pid);
  ssize_t length = readlink(link, path, size);
  path[length > 0 && (size_t)length < size ? length : 0] = 0;
}

/* Begins to trace a thread. The kernel lets nobody in while a thread of the process is in exec, and an exec waits for
 * threads that wait for us: after a twentieth of a second the alarm ends that circle. */
static bool seize(pid_t tid, long options) {
  struct itimerval soon = {{0, 0}, {0, 50000}}, never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &soon, NULL);
  bool done = ptrace(PTRACE_SEIZE, tid, 0, (void *)options) == 0;
  setitimer(ITIMER_REAL, &never, NULL);
  return done;
}

static void on_alarm(int number) { (void)number; }

/* ------------------------------------------------------------------ the process connector */

#define NETLINK_CONNECTOR_FAMILY 11
#define CONNECTOR_PROCESS 1 /* CN_IDX_PROC, CN_VAL_PROC */
#define CONNECTOR_LISTEN 1  /* PROC_CN_MCAST_LISTEN */
#define NETLINK_DONE 3      /* NLMSG_DONE */
#define EVENT_IS_FORK 1u    /* PROC_EVENT_FORK */
#define ATTACH_FILTER 26    /* SO_ATTACH_FILTER */
#define COMPARE_MEMORY 1    /* KCMP_VM */

struct netlink_address {
  uint16_t family, pad;
  uint32_t pid, groups;
};

struct connector_head {
  uint32_t length; /* struct nlmsghdr */
  uint16_t type, flags;
  uint32_t sequence, port;
  uint32_t index, value; /* struct cn_msg */
  uint32_t message_sequence, acknowledge;
  uint16_t bytes, message_flags;
};

/* struct proc_event of a fork; it follows the head without padding. */
struct fork_event {
  uint32_t what, cpu, time[2];
  int32_t parent_pid, parent_tgid, child_pid, child_tgid;
};

struct filter_code {
  uint16_t code;
  uint8_t if_true, if_false;
  uint32_t k;
};

struct filter_program {
  uint16_t length;
  struct filter_code *code;
};

static uint32_t in_network_order(uint32_t value) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return value;
#else
  return __builtin_bswap32(value);
#endif
}

/* Tells of every fork of a process on this machine, not of threads: a filter in the kernel drops all else, so that
 * programs which start many threads do not wake us. Returns -1 where it is not allowed. */
static int open_connector(void) {
  int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR_FAMILY);
  if (fd < 0) return -1;
  struct netlink_address address = {AF_NETLINK, 0, 0, CONNECTOR_PROCESS};
  const uint32_t event = sizeof(struct connector_head);
  /* Loads convert from network order, so that constants are converted, too. A process has pid == tgid. */
  struct filter_code code[] = {
      {0x20, 0, 0, event + offsetof(struct fork_event, what)},       /* load what */
      {0x15, 0, 5, in_network_order(EVENT_IS_FORK)},                 /* equal to the constant? */
      {0x20, 0, 0, event + offsetof(struct fork_event, child_pid)},  /* load */
      {0x07, 0, 0, 0},                                               /* move to the other register */
      {0x20, 0, 0, event + offsetof(struct fork_event, child_tgid)}, /* load */
      {0x1d, 0, 1, 0},                                               /* equal to the other register? */
      {0x06, 0, 0, 0xffffffff},                                      /* take it */
      {0x06, 0, 0, 0},                                               /* drop it */
  };
  struct filter_program filter = {sizeof code / sizeof *code, code};
  int bytes = 1 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  struct {
    struct connector_head head;
    uint32_t operation;
  } listen;
  memset(&listen, 0, sizeof listen);
  listen.head.length = sizeof listen;
  listen.head.type = NETLINK_DONE;
  listen.head.index = CONNECTOR_PROCESS;
  listen.head.value = CONNECTOR_PROCESS;
  listen.head.bytes = sizeof listen.operation;
  listen.operation = CONNECTOR_LISTEN;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      setsockopt(fd, SOL_SOCKET, ATTACH_FILTER, &filter, sizeof filter) != 0 ||
      send(fd, &listen, sizeof listen, 0) != (ssize_t)sizeof listen) {
    close(fd);
    return -1;
  }
  return fd;
}

/* The next fork: 1 with parent and child, 0 when there is none now, -1 when the kernel had to drop some. */
static int next_fork(int fd, pid_t *parent, pid_t *child) {
  struct {
    struct connector_head head;
    struct fork_event event;
    char rest[256];
  } message;
  for (;;) {
    ssize_t got = recv(fd, &message, sizeof message, 0);
    if (got < 0) return errno == ENOBUFS ? -1 : 0;
    if ((size_t)got < sizeof message.head + sizeof message.event || message.event.what != EVENT_IS_FORK) continue;
    *parent = message.event.parent_tgid;
    *child = message.event.child_tgid;
    return 1;
  }
}

#endif
