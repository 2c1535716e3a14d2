/* heapscale-launch: forks every measured process from its own small image.
 *
 * Why a program of its own: ru_maxrss keeps the resident size of the image that exec replaces, so a process
 * started from the harness would report the harness's size; and fork belongs in C. It lives for a session, is
 * the sub-reaper of all it starts, and kills the whole tree at the time limit, on request, and when the harness
 * is gone. Linked statically, it needs no library and stays below 1 MB. */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launch_protocol.h"

#define MAXIMUM_DESCRIPTORS 16
#define FIRST_PARKED_DESCRIPTOR 32

/* Not in musl's headers under these names; values from linux/ptrace.h and linux/personality.h. */
#ifndef PTRACE_SEIZE
#define PTRACE_SEIZE 0x4206
#endif
#ifndef PTRACE_LISTEN
#define PTRACE_LISTEN 0x4208
#endif
#define EVENT_EXIT 6
#define EVENT_STOP 128
#define OPTION_TRACE_EXIT 0x40
#define NO_RANDOMIZE 0x0040000

struct spec {
  struct hs_launch_spec head;
  const char *path;
  const char *directory;
  char **arguments;
  char **environment;
  void *mapping;
  size_t mapping_bytes;
};

struct trial {
  int descriptors[MAXIMUM_DESCRIPTORS];
  int descriptor_count;
  struct spec spec;
  pid_t child;
  bool child_reaped;
  bool ending; /* killed or orphaned: nobody will answer, let every stop go on */
  struct hs_launch_event event;
};

static int socket_fd;
static int child_signal_fd;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void send_event(struct trial *trial, uint32_t kind) {
  trial->event.version = HS_LAUNCH_VERSION;
  trial->event.kind = kind;
  while (send(socket_fd, &trial->event, sizeof trial->event, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

static void send_failure(struct trial *trial, int error, uint32_t stage) {
  trial->event.error = error;
  trial->event.stage = stage;
  send_event(trial, HS_LAUNCH_FAILED);
}

/* ------------------------------------------------------------------ reading a request */

static const char *next_string(const char **cursor, const char *end) {
  const char *start = *cursor;
  const char *nul = memchr(start, 0, (size_t)(end - start));
  if (!nul) return NULL;
  *cursor = nul + 1;
  return start;
}

static char **next_strings(const char **cursor, const char *end, uint32_t count) {
  char **list = calloc((size_t)count + 1, sizeof *list);
  for (uint32_t i = 0; list && i < count; i++) {
    list[i] = (char *)next_string(cursor, end);
    if (!list[i]) {
      free(list);
      return NULL;
    }
  }
  return list;
}

static int read_spec(int fd, struct spec *spec) {
  struct stat status;
  if (fstat(fd, &status) != 0) return errno;
  spec->mapping_bytes = (size_t)status.st_size;
  if (spec->mapping_bytes < sizeof spec->head) return EINVAL;
  spec->mapping = mmap(NULL, spec->mapping_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
  if (spec->mapping == MAP_FAILED) return errno;
  memcpy(&spec->head, spec->mapping, sizeof spec->head);
  if (spec->head.version != HS_LAUNCH_VERSION) return EPROTO;
  const char *cursor = (const char *)spec->mapping + sizeof spec->head;
  const char *end = (const char *)spec->mapping + spec->mapping_bytes;
  spec->path = next_string(&cursor, end);
  spec->directory = spec->path ? next_string(&cursor, end) : NULL;
  if (!spec->directory) return EINVAL;
  spec->arguments = next_strings(&cursor, end, spec->head.argc);
  spec->environment = spec->arguments ? next_strings(&cursor, end, spec->head.envc) : NULL;
  return spec->environment ? 0 : EINVAL;
}

static void forget_spec(struct spec *spec) {
  free(spec->arguments);
  free(spec->environment);
  if (spec->mapping && spec->mapping != MAP_FAILED) munmap(spec->mapping, spec->mapping_bytes);
}

/* Receives one request; its descriptors, if any, come with close-on-exec set. Returns 0 at end of file. */
static ssize_t receive_request(struct hs_launch_request *request, int *descriptors, int *count, int flags) {
  union {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int) * MAXIMUM_DESCRIPTORS)];
  } control;
  struct iovec part = {request, sizeof *request};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t received;
  do {
    received = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC | flags);
  } while (received < 0 && errno == EINTR);
  *count = 0;
  if (received <= 0) return received;
  for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    *count = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(descriptors, CMSG_DATA(head), (size_t)*count * sizeof(int));
  }
  if (received != sizeof *request || request->version != HS_LAUNCH_VERSION) return -1;
  return received;
}

/* ------------------------------------------------------------------ the child, up to exec */

static void fail_child(int pipe_fd, int error, int stage) {
  int report[2] = {error, stage};
  ssize_t ignored = write(pipe_fd, report, sizeof report);
  (void)ignored;
  _exit(127);
}

/* Descriptors are first parked above the targets, so that no dup2 closes one that is still needed. */
static bool install_descriptors(struct trial *trial) {
  int parked[MAXIMUM_DESCRIPTORS];
  for (int i = 1; i < trial->descriptor_count; i++) {
    parked[i] = fcntl(trial->descriptors[i], F_DUPFD_CLOEXEC, FIRST_PARKED_DESCRIPTOR);
    if (parked[i] < 0) return false;
  }
  for (int i = 1; i < trial->descriptor_count; i++) {
    if (dup2(parked[i], i - 1) < 0) return false;
  }
  return true;
}

static bool set_affinity(const uint64_t *mask) {
  cpu_set_t set;
  bool any = false;
  CPU_ZERO(&set);
  for (int cpu = 0; cpu < 1024; cpu++) {
    if (mask[cpu / 64] >> (cpu % 64) & 1) {
      CPU_SET(cpu, &set);
      any = true;
    }
  }
  return !any || sched_setaffinity(0, sizeof set, &set) == 0;
}

static void reset_signals(void) {
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void run_child(struct trial *trial, int go_fd, int report_fd, pid_t parent) {
  const struct spec *spec = &trial->spec;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) _exit(127); /* the helper died before the line above */
  int go = fcntl(go_fd, F_DUPFD_CLOEXEC, FIRST_PARKED_DESCRIPTOR);
  int report = fcntl(report_fd, F_DUPFD_CLOEXEC, FIRST_PARKED_DESCRIPTOR);
  if (go < 0 || report < 0) _exit(127);
  close(go_fd);
  close(report_fd);
  if (!install_descriptors(trial)) fail_child(report, errno, HS_STAGE_DESCRIPTORS);
  if (spec->directory[0] && chdir(spec->directory) != 0) fail_child(report, errno, HS_STAGE_DIRECTORY);
  if (spec->head.address_space) {
    struct rlimit limit = {spec->head.address_space, spec->head.address_space};
    if (setrlimit(RLIMIT_AS, &limit) != 0) fail_child(report, errno, HS_STAGE_LIMITS);
  }
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (!set_affinity(spec->head.affinity)) fail_child(report, errno, HS_STAGE_AFFINITY);
  if ((spec->head.flags & HS_LAUNCH_NO_ASLR) && personality(NO_RANDOMIZE) < 0) {
    fail_child(report, errno, HS_STAGE_PERSONALITY);
  }
  if (spec->head.flags & HS_LAUNCH_NO_THP) prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  char byte;
  ssize_t got;
  while ((got = read(go, &byte, 1)) < 0 && errno == EINTR) {
  }
  if (got != 1) _exit(127);
  reset_signals();
  execve(spec->path, spec->arguments, spec->environment);
  fail_child(report, errno, HS_STAGE_EXEC);
}

/* ------------------------------------------------------------------ ending the tree */

/* Parent's pid of a process, from /proc/PID/stat after the last ')': a name may hold anything. */
static pid_t parent_of(const char *pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) return -1;
  text[length] = 0;
  char *after = strrchr(text, ')');
  int parent = -1;
  if (!after || sscanf(after + 1, " %*c %d", &parent) != 1) return -1;
  return parent;
}

static void kill_own_children(void) {
  DIR *directory = opendir("/proc");
  if (!directory) return;
  pid_t self = getpid();
  struct dirent *entry;
  while ((entry = readdir(directory))) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (parent_of(entry->d_name) == self) kill((pid_t)atoi(entry->d_name), SIGKILL);
  }
  closedir(directory);
}

static void kill_tree(struct trial *trial) {
  trial->ending = true;
  if (!trial->child_reaped) {
    kill(-trial->child, SIGKILL);
    kill(trial->child, SIGKILL);
    ptrace(PTRACE_CONT, trial->child, 0, 0); /* it may be waiting in its exit stop */
  }
}

/* Ends what the child left behind. Orphans come to us, their children in turn when they die: repeat until
 * there is none. Bounded by a deadline, since a process in uninterruptible sleep cannot be killed. */
static void end_leftovers(struct trial *trial) {
  uint64_t deadline = now_ns() + 5000000000u;
  for (;;) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);
    if (pid < 0 && errno == ECHILD) return;
    if (pid > 0) {
      if (!WIFSTOPPED(status)) trial->event.leftovers++;
      continue;
    }
    kill_own_children();
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
    if (now_ns() > deadline) return;
  }
}

/* ------------------------------------------------------------------ watching the child */

static void note_end(struct trial *trial) {
  if (trial->event.ended_ns == 0) trial->event.ended_ns = now_ns();
}

static void child_stopped(struct trial *trial, int status) {
  int event = status >> 16;
  if (event == EVENT_EXIT) {
    note_end(trial);
    if (trial->ending) {
      ptrace(PTRACE_CONT, trial->child, 0, 0);
    } else {
      send_event(trial, HS_LAUNCH_EXITING);
    }
  } else if (event == EVENT_STOP && (WSTOPSIG(status) == SIGSTOP || WSTOPSIG(status) == SIGTSTP ||
                                     WSTOPSIG(status) == SIGTTIN || WSTOPSIG(status) == SIGTTOU)) {
    ptrace(PTRACE_LISTEN, trial->child, 0, 0);
  } else if (event != 0) {
    ptrace(PTRACE_CONT, trial->child, 0, 0);
  } else {
    ptrace(PTRACE_CONT, trial->child, 0, (void *)(long)WSTOPSIG(status));
  }
}

static uint64_t to_ns(struct timeval t) {
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_usec * 1000u;
}

static void child_ended(struct trial *trial, int status, const struct rusage *usage) {
  note_end(trial);
  trial->child_reaped = true;
  trial->event.status = status;
  trial->event.user_ns = to_ns(usage->ru_utime);
  trial->event.system_ns = to_ns(usage->ru_stime);
  trial->event.maximum_resident_bytes = (uint64_t)usage->ru_maxrss * 1024u;
  trial->event.faults_minor = (uint64_t)usage->ru_minflt;
  trial->event.faults_major = (uint64_t)usage->ru_majflt;
  trial->event.switches_voluntary = (uint64_t)usage->ru_nvcsw;
  trial->event.switches_involuntary = (uint64_t)usage->ru_nivcsw;
}

static void reap(struct trial *trial) {
  struct signalfd_siginfo discarded;
  while (read(child_signal_fd, &discarded, sizeof discarded) > 0) {
  }
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG | __WALL, &usage);
    if (pid <= 0) return;
    if (pid != trial->child) {
      if (!WIFSTOPPED(status)) trial->event.leftovers += trial->ending ? 1 : 0;
    } else if (WIFSTOPPED(status)) {
      child_stopped(trial, status);
    } else {
      child_ended(trial, status, &usage);
      return;
    }
  }
}

/* Obeys one request during a trial. Returns false when the harness is gone. */
static bool obey(struct trial *trial, bool *go) {
  struct hs_launch_request request;
  int descriptors[MAXIMUM_DESCRIPTORS], count;
  if (receive_request(&request, descriptors, &count, 0) <= 0) return false;
  for (int i = 0; i < count; i++) close(descriptors[i]);
  if (request.kind == HS_LAUNCH_GO) *go = true;
  if (request.kind == HS_LAUNCH_CONTINUE) ptrace(PTRACE_CONT, trial->child, 0, 0);
  if (request.kind == HS_LAUNCH_KILL) {
    trial->event.killed = 1;
    kill_tree(trial);
  }
  return true;
}

static void watch(struct trial *trial, int timer_fd) {
  bool ignored = false, connected = true;
  while (!trial->child_reaped) {
    struct pollfd polled[3] = {
        {child_signal_fd, POLLIN, 0}, {timer_fd, POLLIN, 0}, {connected ? socket_fd : -1, POLLIN, 0}};
    if (poll(polled, 3, -1) < 0 && errno != EINTR) break;
    if (polled[0].revents) reap(trial);
    if (polled[1].revents && !trial->child_reaped && !trial->event.timed_out) {
      uint64_t expirations;
      ssize_t got = read(timer_fd, &expirations, sizeof expirations);
      (void)got;
      trial->event.timed_out = 1;
      kill_tree(trial);
    }
    if (connected && polled[2].revents && !obey(trial, &ignored)) {
      connected = false;
      kill_tree(trial);
    }
  }
}

/* ------------------------------------------------------------------ one trial */

static int start_timer(uint64_t nanoseconds) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  struct itimerspec when = {
      {0, 0}, {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)}};
  if (fd >= 0 && nanoseconds) timerfd_settime(fd, 0, &when, NULL);
  return fd;
}

/* Waits until the harness says GO; kills the child when it says KILL or is gone. */
static bool wait_for_go(struct trial *trial) {
  bool go = false;
  while (!go) {
    if (!obey(trial, &go) || trial->ending) {
      kill_tree(trial);
      return false;
    }
  }
  return true;
}

/* Lets the child go, and learns from the report pipe whether exec succeeded (it then closes unwritten). */
static void release(struct trial *trial, int go_fd, int report_fd) {
  trial->event.released_ns = now_ns();
  ssize_t wrote = write(go_fd, "g", 1);
  (void)wrote;
  close(go_fd);
  int report[2];
  ssize_t got;
  while ((got = read(report_fd, report, sizeof report)) < 0 && errno == EINTR) {
  }
  if (got == (ssize_t)sizeof report) {
    send_failure(trial, report[0], (uint32_t)report[1]);
  } else {
    send_event(trial, HS_LAUNCH_STARTED);
  }
}

static void fork_and_watch(struct trial *trial) {
  int go[2], report[2];
  if (pipe2(go, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) {
    send_failure(trial, errno, HS_STAGE_FORK);
    return;
  }
  pid_t self = getpid();
  trial->child = fork();
  if (trial->child == 0) {
    close(go[1]);
    close(report[0]);
    run_child(trial, go[0], report[1], self);
  }
  close(go[0]);
  close(report[1]);
  if (trial->child < 0) {
    send_failure(trial, errno, HS_STAGE_FORK);
    close(go[1]);
    close(report[0]);
    return;
  }
  setpgid(trial->child, trial->child);
  trial->event.pid = trial->child;
  if (trial->spec.head.flags & HS_LAUNCH_EXIT_STOP) {
    trial->event.exit_stop = ptrace(PTRACE_SEIZE, trial->child, 0, OPTION_TRACE_EXIT) == 0;
  }
  send_event(trial, HS_LAUNCH_FORKED);
  bool go_on = wait_for_go(trial);
  if (go_on) {
    release(trial, go[1], report[0]);
  } else {
    close(go[1]);
  }
  close(report[0]);
  int timer = start_timer(go_on ? trial->spec.head.time_limit_ns : 0);
  watch(trial, timer);
  close(timer);
  end_leftovers(trial);
}

static void run_trial(struct trial *trial) {
  int error = trial->descriptor_count ? read_spec(trial->descriptors[0], &trial->spec) : EINVAL;
  if (error) {
    send_failure(trial, error, HS_STAGE_SPEC);
  } else {
    fork_and_watch(trial);
  }
  for (int i = 0; i < trial->descriptor_count; i++) close(trial->descriptors[i]);
  forget_spec(&trial->spec);
  send_event(trial, HS_LAUNCH_EXITED);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "heapscale-launch is started by heapscale\n");
    return 64;
  }
  socket_fd = atoi(argv[1]);
  if (fcntl(socket_fd, F_SETFD, FD_CLOEXEC) != 0) return 64;
  setsid(); /* away from the terminal: Ctrl-C reaches the harness, which then says KILL */
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  for (int number = 1; number < 32; number++) {
    if (number != SIGCHLD && number != SIGKILL && number != SIGSTOP) signal(number, SIG_IGN);
  }
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, NULL);
  child_signal_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  for (;;) {
    struct trial trial;
    memset(&trial, 0, sizeof trial);
    struct hs_launch_request request;
    if (receive_request(&request, trial.descriptors, &trial.descriptor_count, 0) <= 0) return 0;
    if (request.kind == HS_LAUNCH_START) run_trial(&trial);
  }
}
