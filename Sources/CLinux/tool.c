#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CLinux.h"
#include "reaping.h"

/* Descriptors of the guardian. */
enum { LIFE = 3, END = 4, FIRST_UNUSED = 5 };

/* How long what a tool has left may take to die. */
#define ENDING_NS 5000000000u

static void report(int fd, int32_t error, int32_t status, struct reaping_result result) {
  struct hs_tool_end end = {error, status, result.ended, result.survivors};
  ssize_t ignored = write(fd, &end, sizeof end);
  (void)ignored;
}

static void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
  struct rlimit limit = {0, 0};
  getrlimit(RLIMIT_NOFILE, &limit);
  for (unsigned fd = first; fd < limit.rlim_cur && fd < 65536; fd++) close((int)fd);
}

/* Parked above all targets first, so that no dup2 closes one that is still needed. */
static bool take_descriptors(const struct hs_tool *tool, int life, int end) {
  int wanted[FIRST_UNUSED] = {tool->input, tool->output, tool->errors, life, end};
  for (int i = 0; i < FIRST_UNUSED; i++) {
    wanted[i] = fcntl(wanted[i], F_DUPFD, FIRST_UNUSED);
    if (wanted[i] < 0) return false;
  }
  for (int i = 0; i < FIRST_UNUSED; i++) {
    if (dup2(wanted[i], i) < 0) return false;
  }
  close_from(FIRST_UNUSED);
  fcntl(LIFE, F_SETFD, FD_CLOEXEC);
  fcntl(END, F_SETFD, FD_CLOEXEC);
  return true;
}

static void run_tool(const struct hs_tool *tool) {
  struct reaping_result none = {0, 0};
  struct rlimit no_core = {0, 0}, file;
  setrlimit(RLIMIT_CORE, &no_core);
  if (tool->file_limit && getrlimit(RLIMIT_FSIZE, &file) == 0 && tool->file_limit < file.rlim_cur) {
    file.rlim_cur = tool->file_limit;
    setrlimit(RLIMIT_FSIZE, &file);
  }
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  sigset_t no_signals;
  sigemptyset(&no_signals);
  sigprocmask(SIG_SETMASK, &no_signals, NULL);
  if (tool->directory && chdir(tool->directory) != 0) {
    report(END, errno, 0, none);
  } else {
    execve(tool->path, tool->arguments, tool->environment);
    report(END, errno, 0, none);
  }
  _exit(127);
}

/* Waits for the tool's end, or for the word to end it. */
static int await(pid_t child, int signals, int *status) {
  for (;;) {
    pid_t pid;
    while ((pid = waitpid(-1, status, WNOHANG | __WALL)) > 0) {
      if (pid == child) return 0;
    }
    struct pollfd polled[2] = {{LIFE, POLLIN, 0}, {signals, POLLIN, 0}};
    /* Without a signalfd: look from time to time. */
    poll(polled, signals < 0 ? 1 : 2, signals < 0 ? 5 : -1);
    if (polled[0].revents) return -1;
    struct signalfd_siginfo discarded;
    while (signals >= 0 && read(signals, &discarded, sizeof discarded) > 0) {
    }
  }
}

static void guard(const struct hs_tool *tool, int life, int end) {
  setsid(); /* Ctrl-C reaches heapscale, which then ends us */
  for (int number = 1; number < 65; number++) {
    if (number != SIGCHLD && number != SIGKILL && number != SIGSTOP) signal(number, SIG_IGN);
  }
  signal(SIGCHLD, SIG_DFL);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prctl(PR_SET_NAME, "heapscale-guard", 0, 0, 0);
  struct reaping_result none = {0, 0};
  if (!take_descriptors(tool, life, end)) {
    report(end, errno, 0, none);
    _exit(0);
  }
  sigset_t child_ends;
  sigemptyset(&child_ends);
  sigaddset(&child_ends, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child_ends, NULL);
  int signals = signalfd(-1, &child_ends, SFD_CLOEXEC | SFD_NONBLOCK);
  pid_t child = fork();
  if (child == 0) run_tool(tool);
  if (child < 0) {
    report(END, errno, 0, none);
    _exit(0);
  }
  for (int fd = 0; fd < LIFE; fd++) close(fd); /* who reads the output sees its end */
  int status = 0;
  await(child, signals, &status);
  report(END, 0, status, reaping_end_all(ENDING_NS));
  _exit(0);
}

int hs_tool_start(const struct hs_tool *tool, struct hs_tool_run *run) {
  int life[2], end[2];
  if (pipe2(life, O_CLOEXEC) != 0) return -errno;
  if (pipe2(end, O_CLOEXEC | O_NONBLOCK) != 0) {
    int error = errno;
    close(life[0]);
    close(life[1]);
    return -error;
  }
  /* No handler of the caller's may run in the guardian. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t guardian = fork();
  if (guardian == 0) {
    close(life[1]);
    close(end[0]);
    guard(tool, life[0], end[1]);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(life[0]);
  close(end[1]);
  if (guardian < 0) {
    close(life[1]);
    close(end[0]);
    return -error;
  }
  run->guardian = guardian;
  run->life = life[1];
  run->end = end[0];
  return 0;
}

int hs_tool_finish(struct hs_tool_run *run, struct hs_tool_end *end) {
  /* A tool that could not be executed has told first; what follows is the guardian's. */
  bool told = read(run->end, end, sizeof *end) == (ssize_t)sizeof *end;
  if (!told) kill(run->guardian, SIGKILL);
  close(run->life);
  close(run->end);
  while (waitpid(run->guardian, NULL, 0) < 0 && errno == EINTR) {
  }
  return told;
}
