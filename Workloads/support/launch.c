/* heapscale-launch: forks every measured process from its own small image.
 *
 * Why a program of its own: ru_maxrss keeps the resident size of the image that exec replaces, so a process
 * started from the harness would report the harness's size; and fork belongs in C. It lives for a session, is
 * the sub-reaper of all it starts, and kills the whole tree at the time limit, on request, and when the harness
 * is gone; a guardian above it (launch_guard.h) does so when the launcher itself is killed. It waits in one place only,
 * the poll of `watch`, so that nothing a child does or fails to do keeps it from its time limit or from the harness.
 * Linked statically, it needs no library and stays below 1 MB. */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
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
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launch_guard.h"
#include "launch_messages.h"
#include "launch_protocol.h"
#include "launch_tree.h"

#define MAXIMUM_DESCRIPTORS 16
/* Above every descriptor of the child and every one that the launcher itself has open. */
#define FIRST_PARKED_DESCRIPTOR 32
/* Events of the tree that are handled before time limit and harness have their turn again. */
#define EVENTS_AT_ONCE 256

#define CLONE_INTO_GROUP 0x200000000u /* linux/sched.h, CLONE_INTO_CGROUP */
#ifndef SYS_clone3
#define SYS_clone3 435 /* the same on every architecture */
#endif
#define NO_RANDOMIZE 0x0040000 /* linux/personality.h */

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
  uint64_t switches_before; /* the child's own, until it became the program */
  struct tree tree;
  bool exec_by_another; /* found among the threads of the process in question */
  struct hs_launch_event event;
};

static int socket_fd;
static int child_signal_fd;
static int guardian_fd; /* ends with the guardian */
static bool guardian_lost;
static int connector_fd = -1; /* opened with the first trial that follows a tree; stays -1 where it is refused */

static uint64_t now_ns(void) { return reaping_now_ns(); }

static void send_message(struct hs_launch_event *event, uint32_t kind, const char *path) {
  event->version = HS_LAUNCH_VERSION;
  event->kind = kind;
  queue_message(socket_fd, event, sizeof *event, path, strlen(path));
}

static void send_event(struct trial *trial, uint32_t kind) { send_message(&trial->event, kind, ""); }

/* Tells of one process. */
static void send_process(pid_t pid, pid_t parent, uint32_t kind, uint32_t flags) {
  struct hs_launch_event event;
  memset(&event, 0, sizeof event);
  event.pid = pid;
  event.parent = parent;
  event.flags = flags;
  event.at_ns = now_ns();
  char path[HS_LAUNCH_PATH_BYTES] = "";
  if (kind == HS_LAUNCH_EXEC) read_program(pid, path, sizeof path);
  send_message(&event, kind, path);
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

/* Receives one request; its descriptors, if any, come with close-on-exec set. Returns 0 at end of file, a negative errno
 * when there is none now or it is damaged, and -EMFILE when there was no room for its descriptors. */
static ssize_t receive_request(struct hs_launch_request *request, int *descriptors, int *count) {
  union {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int) * MAXIMUM_DESCRIPTORS)];
  } control;
  struct iovec part = {request, sizeof *request};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t received;
  do {
    received = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  *count = 0;
  if (received < 0) return -errno;
  if (received == 0) return 0;
  for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    *count = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(descriptors, CMSG_DATA(head), (size_t)*count * sizeof(int));
  }
  if (received != sizeof *request || request->version != HS_LAUNCH_VERSION) return -EPROTO;
  return message.msg_flags & MSG_CTRUNC ? -EMFILE : received;
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
  /* fcntl says EINVAL when there is no such number at all. */
  if (go < 0 || report < 0) fail_child(report_fd, errno == EINVAL ? EMFILE : errno, HS_STAGE_DESCRIPTORS);
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

static void resume(pid_t tid, int signal_number) { ptrace(PTRACE_CONT, tid, 0, (void *)(long)signal_number); }

static void kill_tree(struct trial *trial) {
  trial->ending = true;
  for (int i = 0; i < TREE_BUCKETS; i++) {
    for (struct tracee *t = trial->tree.buckets[i]; t; t = t->next) {
      if (t->tid == t->tgid) kill(t->tgid, SIGKILL);
      if (t->waiting || !t->announced) resume(t->tid, 0); /* it waits for an answer that nobody will give */
      t->waiting = false;
    }
  }
  if (!trial->child_reaped) {
    kill(-trial->child, SIGKILL);
    kill(trial->child, SIGKILL);
  }
}

/* ------------------------------------------------------------------ following the tree */

/* A process that nobody knew. It may be told of by its parent's event, by its own first stop or by the connector. */
static void announce(struct tracee *t, pid_t parent, uint32_t flags) {
  if (t->announced) return;
  t->announced = true;
  send_process(t->tgid, parent, HS_LAUNCH_PROCESS, flags);
}

/* kcmp(2): whether two processes have one address space; false where that cannot be asked. */
static bool share_memory(pid_t a, pid_t b) { return syscall(SYS_kcmp, a, b, COMPARE_MEMORY, 0, 0) == 0; }

/* Takes up a process that no traced thread has forked. It may have run for a moment already. */
static void adopt(struct trial *trial, pid_t pid) {
  struct proc_stat stat;
  if (tree_find(&trial->tree, pid) || !read_process_stat(pid, &stat) || stat.state == 'Z') return;
  if (!seize(pid, OPTIONS_TREE)) return; /* traced already: its own event comes */
  struct tracee *t = tree_add(&trial->tree, pid, pid);
  if (!t) return;
  bool shares = share_memory(pid, stat.parent);
  announce(t, stat.parent, HS_PROCESS_ADOPTED | (shares ? HS_PROCESS_SHARES : 0));
  char own[HS_LAUNCH_PATH_BYTES], its[HS_LAUNCH_PATH_BYTES];
  read_program(pid, own, sizeof own);
  read_program(stat.parent, its, sizeof its);
  if (!shares && strcmp(own, its) != 0) send_process(pid, stat.parent, HS_LAUNCH_EXEC, 0);
}

static void hear_of_forks(struct trial *trial) {
  pid_t parent, child;
  int got;
  for (int i = 0; i < EVENTS_AT_ONCE && (got = next_fork(connector_fd, &parent, &child)) != 0; i++) {
    if (got < 0) {
      trial->event.unseen++;
    } else if (tree_find(&trial->tree, parent)) {
      adopt(trial, child);
    }
  }
}

/* Calls `visit` for each thread of a process that will go on running: neither gone nor on its way out. */
static unsigned living_threads(struct trial *trial, pid_t tgid, pid_t except, void (*visit)(struct trial *, pid_t, pid_t)) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", tgid);
  DIR *directory = opendir(path);
  if (!directory) return 0;
  unsigned count = 0;
  struct dirent *entry;
  while ((entry = readdir(directory))) {
    pid_t tid = (pid_t)atoi(entry->d_name);
    if (tid <= 0 || tid == except) continue;
    struct tracee *known = tree_find(&trial->tree, tid);
    if (known && known->exiting) continue;
    struct proc_stat stat;
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", tgid, tid);
    if (!read_stat(path, &stat) || stat.state == 'Z' || stat.state == 'X') continue;
    if ((stat.flags & THREAD_IS_EXITING) || is_being_killed(tid)) continue;
    count++;
    if (visit) visit(trial, tgid, tid);
  }
  closedir(directory);
  return count;
}

static void trace_thread(struct trial *trial, pid_t tgid, pid_t tid) {
  if (tree_find(&trial->tree, tid)) return;
  long options = (trial->tree.whole ? OPTIONS_TREE : OPTIONS_ALONE | OPTION_EXEC) | OPTION_CLONE;
  if (!seize(tid, options)) return;
  struct tracee *t = tree_add(&trial->tree, tid, tgid);
  if (t) t->announced = true;
}

static void note_end(struct trial *trial) { trial->event.ended_ns = now_ns(); }

static void note_exec(struct trial *trial, pid_t tgid, pid_t tid) {
  long call = current_call(tgid, tid);
  if (call == SYS_execve || call == SYS_execveat) trial->exec_by_another = true;
}

/* The first thread makes way for another one that calls exec and takes over its number, untraced: it is taken up again
 * as soon as it is the new program. */
static void follow_into_exec(struct trial *trial, struct tracee *t) {
  pid_t pid = t->tid;
  resume(pid, 0);
  for (int i = 0; i < 400; i++) {
    if (seize(pid, trial->tree.whole ? OPTIONS_TREE : OPTIONS_ALONE | OPTION_EXEC)) {
      t->exiting = false;
      send_process(pid, 0, HS_LAUNCH_EXEC, 0);
      return;
    }
    struct timespec pause = {0, 500000};
    nanosleep(&pause, NULL);
  }
}

/* A thread has come to its exit stop. The process ends with the last one, and only then is there something to read:
 * when the first thread goes before the others, those are traced from here on. */
static void thread_exits(struct trial *trial, struct tracee *t) {
  t->exiting = true;
  bool is_first = t->tid == t->tgid;
  bool goes_alone = !is_first || current_call(t->tgid, t->tid) == SYS_exit;
  if (goes_alone && living_threads(trial, t->tgid, t->tid, trace_thread) > 0) {
    resume(t->tid, 0);
    return;
  }
  trial->exec_by_another = false;
  if (is_first && !goes_alone) living_threads(trial, t->tgid, t->tid, note_exec);
  if (trial->exec_by_another) {
    follow_into_exec(trial, t);
    return;
  }
  if (trial->ending) {
    resume(t->tid, 0);
    return;
  }
  if (t->tgid == trial->child) note_end(trial);
  t->waiting = true;
  send_process(t->tgid, 0, HS_LAUNCH_EXITING, 0);
}

/* The child of a fork is in its first stop already, or comes to it soon. */
static void forked(struct trial *trial, struct tracee *parent, unsigned event) {
  unsigned long message = 0;
  ptrace(PTRACE_GETEVENTMSG, parent->tid, 0, &message);
  pid_t child = (pid_t)message;
  struct tracee *known = tree_find(&trial->tree, child);
  if (child > 0 && event == EVENT_CLONE) {
    struct tracee *t = tree_add(&trial->tree, child, parent->tgid); /* a thread, since the first one has ended */
    if (known && !known->announced) resume(child, 0);
    if (t) t->announced = true;
  } else if (child > 0) {
    bool waits = known && !known->announced;
    struct tracee *t = tree_add(&trial->tree, child, child);
    if (t) announce(t, parent->tgid, event == EVENT_VFORK ? HS_PROCESS_SHARES : 0);
    if (waits) resume(child, 0);
  }
  resume(parent->tid, 0);
}

static void became(struct trial *trial, struct tracee *t) {
  unsigned long former = 0;
  ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &former);
  if ((pid_t)former != t->tid) tree_remove(&trial->tree, (pid_t)former);
  t->exiting = false; /* another thread may have taken the place of a first one that ended */
  if (t->tgid == trial->child && !trial->switches_before) {
    trial->switches_before = status_number(t->tid, "voluntary_ctxt_switches", 10, 0) + 1; /* this stop */
    trial->event.stops = 0;
  }
  send_process(t->tgid, 0, HS_LAUNCH_EXEC, 0);
  resume(t->tid, 0);
}

static void thread_stopped(struct trial *trial, pid_t tid, int status) {
  unsigned event = (unsigned)status >> 16;
  int number = WSTOPSIG(status);
  struct tracee *t = tree_find(&trial->tree, tid);
  trial->event.stops++;
  if (!t) {
    /* It comes before its parent's event, which says what it is: it waits for that. */
    t = tree_add(&trial->tree, tid, tid);
    if (trial->ending || !t) resume(tid, 0);
    return;
  }
  switch (event) {
    case EVENT_FORK:
    case EVENT_VFORK:
    case EVENT_CLONE: forked(trial, t, event); break;
    case EVENT_EXEC: became(trial, t); break;
    case EVENT_EXIT: thread_exits(trial, t); break;
    case EVENT_STOP:
      if (number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) {
        ptrace(PTRACE_LISTEN, tid, 0, 0);
      } else {
        resume(tid, 0);
      }
      break;
    case 0: resume(tid, number); break;
    default: resume(tid, 0);
  }
}

static uint64_t to_ns(struct timeval t) {
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_usec * 1000u;
}

/* Adds what wait4 says of a process and of the children that it waited for. Called for the root and for each process
 * that nobody in the tree has waited for, so that all are in the sum once. */
static void add_usage(struct hs_launch_event *event, const struct rusage *usage) {
  event->user_ns += to_ns(usage->ru_utime);
  event->system_ns += to_ns(usage->ru_stime);
  event->switches_voluntary += (uint64_t)usage->ru_nvcsw;
  event->switches_involuntary += (uint64_t)usage->ru_nivcsw;
}

static void note_maximum(struct hs_launch_event *event, const struct rusage *usage) {
  uint64_t bytes = (uint64_t)usage->ru_maxrss * 1024u;
  if (bytes > event->maximum_resident_bytes) event->maximum_resident_bytes = bytes;
}

/* A process that was killed in its fork cannot tell of its child any more, which waits for that. */
static void release_unannounced(struct trial *trial) {
  for (int i = 0; i < TREE_BUCKETS; i++) {
    for (struct tracee *t = trial->tree.buckets[i]; t; t = t->next) {
      struct proc_stat stat;
      if (t->announced || !read_process_stat(t->tid, &stat)) continue;
      announce(t, stat.parent, share_memory(t->tid, stat.parent) ? HS_PROCESS_SHARES : 0);
      resume(t->tid, 0);
    }
  }
}

/* A traced process is a zombie: its own figures are read before it is reaped, since then nobody can. */
static void process_ended(struct trial *trial, pid_t pid) {
  struct proc_stat stat = {0};
  struct hs_launch_event event;
  struct rusage usage;
  int status = 0;
  memset(&event, 0, sizeof event);
  event.pid = pid;
  event.at_ns = now_ns();
  event.cpu_ns = process_cpu_ns(pid);
  bool read = read_process_stat(pid, &stat);
  bool ignored = read && stat.parent != getpid() && ignores_children(stat.parent);
  if (wait4(pid, &status, WNOHANG | __WALL, &usage) != pid) return;
  tree_remove(&trial->tree, pid);
  release_unannounced(trial);
  event.parent = stat.parent;
  event.status = status;
  event.faults_minor = stat.faults_minor;
  event.faults_major = stat.faults_major;
  note_maximum(&event, &usage);
  if (trial->child_reaped && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) trial->event.leftovers++;
  if (pid == trial->child) {
    if (!trial->event.ended_ns) note_end(trial);
    trial->child_reaped = true;
    trial->event.status = status;
  }
  /* Ours to reap, and nobody else's; or nobody will, since the parent ignores its children's ends. */
  if (pid == trial->child || ignored || stat.parent == getpid()) add_usage(&trial->event, &usage);
  trial->event.cpu_ns += event.cpu_ns;
  trial->event.faults_minor += event.faults_minor;
  trial->event.faults_major += event.faults_major;
  note_maximum(&trial->event, &usage);
  send_message(&event, HS_LAUNCH_ENDED, "");
}

/* A process that is not traced, or that was and whose parent has ended without waiting for it. Returns whether it was
 * killed. */
static bool orphan_ended(struct trial *trial, pid_t pid) {
  struct rusage usage;
  int status;
  if (wait4(pid, &status, WNOHANG | __WALL, &usage) != pid) return false;
  add_usage(&trial->event, &usage);
  note_maximum(&trial->event, &usage);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

enum reaped { REAPED_SOME, REAPED_NOW, REAPED_ALL };

/* Handles what wait4 has to tell, up to EVENTS_AT_ONCE: REAPED_SOME when there may be more, REAPED_NOW when there is none
 * for now, REAPED_ALL when no child is left. */
static enum reaped reap(struct trial *trial) {
  struct signalfd_siginfo discarded;
  while (read(child_signal_fd, &discarded, sizeof discarded) > 0) {
  }
  for (int i = 0; i < EVENTS_AT_ONCE; i++) {
    siginfo_t seen;
    memset(&seen, 0, sizeof seen);
    if (waitid(P_ALL, 0, &seen, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0) {
      return errno == ECHILD ? REAPED_ALL : REAPED_NOW;
    }
    pid_t pid = seen.si_pid;
    if (pid == 0) return REAPED_NOW;
    struct tracee *t = tree_find(&trial->tree, pid);
    if (seen.si_code == CLD_TRAPPED || seen.si_code == CLD_STOPPED) {
      int status;
      if (waitpid(pid, &status, WNOHANG | __WALL) == pid && WIFSTOPPED(status)) thread_stopped(trial, pid, status);
    } else if (t && t->tid != t->tgid) {
      tree_remove(&trial->tree, pid);
      waitpid(pid, NULL, WNOHANG | __WALL);
    } else if (t || pid == trial->child) {
      process_ended(trial, pid);
    } else if (orphan_ended(trial, pid) && trial->ending) {
      trial->event.leftovers++;
    }
  }
  return REAPED_SOME;
}

/* Ends what the root left behind: orphans come to us. Bounded by a deadline, since a process in uninterruptible sleep, or
 * of another user, cannot be killed: such ones are the survivors. */
static void end_leftovers(struct trial *trial) {
  uint64_t deadline = now_ns() + 5000000000u;
  enum reaped reaped;
  while ((reaped = reap(trial)) == REAPED_SOME) { /* those that have ended by themselves were not killed */
  }
  trial->event.leftovers = 0;
  int left = 0;
  while (reaped != REAPED_ALL && now_ns() < deadline) {
    kill_tree(trial);
    left = reaping_signal(SIGKILL, 0);
    reaping_pause(1000000);
    reaped = reap(trial);
    flush_messages(socket_fd);
  }
  trial->event.survivors = reaped == REAPED_ALL ? 0 : left > 0 ? (uint32_t)left : 1;
}

/* ------------------------------------------------------------------ watching the tree */

/* Lets a process go that waits in its exit stop. */
static void let_go(struct trial *trial, pid_t pid) {
  for (int i = 0; i < TREE_BUCKETS; i++) {
    for (struct tracee *t = trial->tree.buckets[i]; t; t = t->next) {
      if (t->tgid == pid && t->waiting) {
        t->waiting = false;
        resume(t->tid, 0);
        return;
      }
    }
  }
}

/* What a trial waits for, apart from its processes. */
struct waiting {
  int go_fd;         /* writing a byte lets the child go; -1 when that is done */
  int report_fd;     /* says why exec failed, or ends when it has succeeded; -1 when that is known */
  uint64_t deadline; /* of the time limit; 0 when there is none */
};

static void close_once(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static void release(struct trial *trial, struct waiting *waiting) {
  if (waiting->go_fd < 0) return;
  trial->event.released_ns = now_ns();
  uint64_t limit = trial->spec.head.time_limit_ns;
  if (limit) waiting->deadline = trial->event.released_ns + limit;
  if (limit && waiting->deadline < limit) waiting->deadline = UINT64_MAX;
  ssize_t wrote = write(waiting->go_fd, "g", 1);
  (void)wrote;
  close_once(&waiting->go_fd);
}

/* Learns whether exec has succeeded: the pipe then closes unwritten. The child may stand in its exit stop with its end
 * still open, so that this never waits. */
static void learn(struct trial *trial, struct waiting *waiting) {
  if (waiting->report_fd < 0) return;
  int report[2];
  ssize_t got = read(waiting->report_fd, report, sizeof report);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  close_once(&waiting->report_fd);
  if (got == (ssize_t)sizeof report) {
    send_failure(trial, report[0], (uint32_t)report[1]);
  } else if (trial->event.released_ns) {
    send_event(trial, HS_LAUNCH_STARTED);
  }
}

/* Obeys one request during a trial. Returns false when the harness is gone. */
static bool obey(struct trial *trial, struct waiting *waiting) {
  struct hs_launch_request request;
  int descriptors[MAXIMUM_DESCRIPTORS], count;
  ssize_t received = receive_request(&request, descriptors, &count);
  for (int i = 0; i < count; i++) close(descriptors[i]);
  if (received == -EAGAIN) return true;
  if (received <= 0) return false;
  if (request.kind == HS_LAUNCH_GO) release(trial, waiting);
  if (request.kind == HS_LAUNCH_CONTINUE) let_go(trial, request.pid);
  if (request.kind == HS_LAUNCH_ADOPT) adopt(trial, request.pid);
  if (request.kind == HS_LAUNCH_KILL) {
    trial->event.killed = 1;
    kill_tree(trial);
  }
  return true;
}

/* How long poll may wait, in milliseconds, rounded up. */
static int wait_until(uint64_t deadline) {
  uint64_t now = now_ns();
  if (!deadline) return -1;
  if (deadline <= now) return 0;
  uint64_t milliseconds = (deadline - now + 999999) / 1000000;
  return milliseconds > 60000 ? 60000 : (int)milliseconds;
}

/* Serves the tree, the time limit and the harness until the root is reaped. Nothing else here waits. */
static void watch(struct trial *trial, struct waiting *waiting) {
  bool connected = true;
  enum reaped reaped = REAPED_NOW;
  while (!trial->child_reaped) {
    short wanted = first_message ? POLLIN | POLLOUT : POLLIN;
    struct pollfd polled[5] = {{child_signal_fd, POLLIN, 0},
                               {connected ? socket_fd : -1, wanted, 0},
                               {trial->tree.whole ? connector_fd : -1, POLLIN, 0},
                               {waiting->report_fd, POLLIN, 0},
                               {connected ? guardian_fd : -1, 0, 0}};
    if (poll(polled, 5, reaped == REAPED_SOME ? 0 : wait_until(waiting->deadline)) < 0 && errno != EINTR) break;
    flush_messages(socket_fd);
    learn(trial, waiting); /* before the child's first event, which comes after its exec */
    if (polled[2].revents) hear_of_forks(trial);
    if (polled[0].revents || reaped == REAPED_SOME) reaped = reap(trial);
    if (waiting->deadline && now_ns() >= waiting->deadline && !trial->child_reaped) {
      trial->event.timed_out = 1;
      waiting->deadline = 0;
      kill_tree(trial);
    }
    if (connected && polled[1].revents & ~POLLOUT && !obey(trial, waiting)) harness_lost = true;
    if (polled[4].revents) guardian_lost = true;
    if (connected && (harness_lost || guardian_lost)) {
      connected = false;
      kill_tree(trial);
    }
    if (trial->ending) close_once(&waiting->go_fd);
  }
}

/* ------------------------------------------------------------------ one trial */

/* The child is born into the group where the kernel can do that (clone3(2), since 5.7): moving it later would wait for all
 * CPUs. Only the calls up to exec follow, none of which needs what the library's fork prepares. */
static pid_t fork_into(int group) {
  struct { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup; }
  how = {.flags = CLONE_INTO_GROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)group};
  return (pid_t)syscall(SYS_clone3, &how, sizeof how);
}

static pid_t fork_child(struct trial *trial) {
  if (trial->spec.head.flags & HS_LAUNCH_GROUP && trial->descriptor_count > 1) {
    pid_t child = fork_into(trial->descriptors[trial->descriptor_count - 1]);
    /* The folder is not for the child itself. */
    close(trial->descriptors[--trial->descriptor_count]);
    if (child >= 0) {
      if (child) trial->event.flags |= HS_PROCESS_GROUPED;
      return child;
    }
  }
  return fork();
}

static void fork_and_watch(struct trial *trial) {
  int go[2], report[2];
  if (pipe2(go, O_CLOEXEC) != 0) {
    send_failure(trial, errno, HS_STAGE_FORK);
    return;
  }
  if (pipe2(report, O_CLOEXEC | O_NONBLOCK) != 0) {
    send_failure(trial, errno, HS_STAGE_FORK);
    close(go[0]);
    close(go[1]);
    return;
  }
  pid_t self = getpid();
  trial->child = fork_child(trial);
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
  trial->event.parent = self;
  if (trial->spec.head.flags & HS_LAUNCH_EXIT_STOP) {
    trial->tree.whole = trial->spec.head.flags & HS_LAUNCH_TREE;
    if (trial->tree.whole && connector_fd < 0) connector_fd = open_connector();
    long options = trial->tree.whole ? OPTIONS_TREE : OPTIONS_ALONE | OPTION_EXEC;
    trial->event.exit_stop = ptrace(PTRACE_SEIZE, trial->child, 0, (void *)options) == 0;
    struct tracee *root = trial->event.exit_stop ? tree_add(&trial->tree, trial->child, trial->child) : NULL;
    if (root) root->announced = true;
    if (connector_fd >= 0) trial->event.flags |= HS_PROCESS_ADOPTED; /* forks by any thread are told of */
  }
  send_event(trial, HS_LAUNCH_FORKED);
  struct waiting waiting = {go[1], report[0], 0};
  watch(trial, &waiting);
  learn(trial, &waiting);
  close_once(&waiting.go_fd);
  close_once(&waiting.report_fd);
  uint32_t stops = trial->event.stops;
  end_leftovers(trial);
  trial->event.stops = stops;
  uint64_t ours = trial->switches_before + stops;
  trial->event.switches_voluntary -= ours < trial->event.switches_voluntary ? ours : trial->event.switches_voluntary;
}

static void run_trial(struct trial *trial, bool lacks_descriptors) {
  int error = trial->descriptor_count ? read_spec(trial->descriptors[0], &trial->spec) : EINVAL;
  if (lacks_descriptors) {
    send_failure(trial, EMFILE, HS_STAGE_DESCRIPTORS);
  } else if (error) {
    send_failure(trial, error, HS_STAGE_SPEC);
  } else {
    fork_and_watch(trial);
  }
  for (int i = 0; i < trial->descriptor_count; i++) close(trial->descriptors[i]);
  forget_spec(&trial->spec);
  tree_forget(&trial->tree);
  /* Without a guardian no promise can be kept: the harness starts another helper. */
  if (guardian_lost) trial->event.status = SIGKILL;
  send_event(trial, guardian_lost ? HS_LAUNCH_LOST : HS_LAUNCH_EXITED);
}

/* Tells that the launcher is gone, from the guardian. */
static void tell_of_loss(int status, struct reaping_result result) {
  struct hs_launch_event event;
  memset(&event, 0, sizeof event);
  event.status = status;
  event.leftovers = result.ended;
  event.survivors = result.survivors;
  send_message(&event, HS_LAUNCH_LOST, "");
}

/* Serves the harness until it or the guardian is gone. */
static int serve(void) {
  while (!harness_lost && !guardian_lost) {
    struct pollfd polled[2] = {{socket_fd, first_message ? POLLIN | POLLOUT : POLLIN, 0}, {guardian_fd, 0, 0}};
    if (poll(polled, 2, -1) < 0 && errno != EINTR) return 71;
    if (polled[1].revents) return 0;
    flush_messages(socket_fd);
    if (!(polled[0].revents & ~POLLOUT)) continue;
    struct trial trial;
    memset(&trial, 0, sizeof trial);
    struct hs_launch_request request;
    ssize_t received = receive_request(&request, trial.descriptors, &trial.descriptor_count);
    if (received == -EAGAIN) continue;
    if (received <= 0 && received != -EMFILE) return 0;
    if (request.kind == HS_LAUNCH_START) run_trial(&trial, received == -EMFILE);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "heapscale-launch is started by heapscale\n");
    return 64;
  }
  socket_fd = atoi(argv[1]);
  if (fcntl(socket_fd, F_SETFD, FD_CLOEXEC) != 0) return 64;
  setsid(); /* away from the terminal: Ctrl-C reaches the harness, which then says KILL */
  for (int number = 1; number < 32; number++) {
    if (number != SIGCHLD && number != SIGKILL && number != SIGSTOP) signal(number, SIG_IGN);
  }
  struct sigaction alarm = {.sa_handler = on_alarm}; /* without SA_RESTART: it is to interrupt */
  sigaction(SIGALRM, &alarm, NULL);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, NULL);
  child_signal_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (child_signal_fd < 0) return 71;
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  guardian_fd = guard_launcher(socket_fd, child_signal_fd, tell_of_loss);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* not inherited */
  return serve();
}
