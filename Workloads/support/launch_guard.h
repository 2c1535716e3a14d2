/* The guardian: the process that the harness starts, parent of the launcher proper.
 *
 * Whoever follows a tree can be killed itself, and what it was to end would live on. The guardian does nothing but wait.
 * When the launcher is gone, however it went, it is the next sub-reaper of everything that the launcher ever started:
 * it ends all of that, tells the harness, if that still lives, and goes. When the harness is gone and the launcher does
 * not end within a few seconds (it may have been stopped), it ends the launcher first. */
#ifndef HEAPSCALE_LAUNCH_GUARD_H
#define HEAPSCALE_LAUNCH_GUARD_H

#include "reaping.h"

/* The launcher gives a tree five seconds to die before it goes itself. */
#define GUARD_PATIENCE_NS 8000000000u
#define GUARD_ENDING_NS 5000000000u

/* Waits for the launcher, which is killed when the harness has gone and it does not follow. Returns its wait status. */
static int guard_wait(pid_t launcher, int socket, int signals) {
  uint64_t deadline = 0;
  int status = 0;
  for (;;) {
    if (waitpid(launcher, &status, WNOHANG) == launcher) return status;
    struct pollfd polled[2] = {{signals, POLLIN, 0}, {deadline ? -1 : socket, 0, 0}};
    poll(polled, 2, deadline ? 50 : -1);
    struct signalfd_siginfo discarded;
    while (read(signals, &discarded, sizeof discarded) > 0) {
    }
    if (!deadline && (polled[1].revents & (POLLHUP | POLLERR | POLLNVAL))) {
      deadline = reaping_now_ns() + GUARD_PATIENCE_NS;
    }
    if (deadline && reaping_now_ns() > deadline) kill(launcher, SIGKILL);
  }
}

/* Forks the launcher and returns in it, with a descriptor that ends when the guardian does; never returns in the
 * guardian. `lost` tells the harness that the launcher is gone. */
static int guard_launcher(int socket, int signals,
                          void (*lost)(int status, struct reaping_result result)) {
  int life[2];
  if (pipe2(life, O_CLOEXEC) != 0) _exit(71);
  pid_t launcher = fork();
  if (launcher < 0) _exit(71);
  if (launcher == 0) {
    close(life[1]);
    return life[0];
  }
  close(life[0]);
  int status = guard_wait(launcher, socket, signals);
  struct reaping_result result = reaping_end_all(GUARD_ENDING_NS);
  if (status != 0 || result.ended || result.survivors) lost(status, result);
  _exit(result.survivors ? 1 : 0);
}

#endif
