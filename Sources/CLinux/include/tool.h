/* Runs a compiler or another tool so that nothing of it can outlive heapscale.
 *
 * Why C: fork in a process with threads leaves a child that may only make system calls. The child is a guardian, a
 * sub-reaper: it forks the tool, waits for it, and ends every descendant when the tool is done, when it is told to, and
 * when heapscale is gone, however that went (a pipe then closes). */
#ifndef HEAPSCALE_TOOL_H
#define HEAPSCALE_TOOL_H

#include <stdint.h>

struct hs_tool {
  const char *path;
  char *const *arguments;   /* ended by NULL */
  char *const *environment; /* ended by NULL */
  const char *directory;    /* NULL: the caller's */
  int input, output, errors; /* what becomes its descriptors 0, 1 and 2 */
  uint64_t file_limit;      /* bytes that a file of it may grow to (RLIMIT_FSIZE), if the caller's limit is not lower */
};

/* How it ended. */
struct hs_tool_end {
  int32_t error;      /* errno when it could not be started, else 0 */
  int32_t status;     /* as wait4 gave it; of no meaning when it was ended */
  uint32_t ended;     /* processes that were killed */
  uint32_t survivors; /* processes that could not be: of another user, or in uninterruptible sleep */
};

struct hs_tool_run {
  int32_t guardian;
  int life; /* closing it, or writing a byte, ends the tool and all that it started */
  int end;  /* readable when there is a struct hs_tool_end, or when the guardian is gone */
};

/* Starts it; the caller keeps its own copies of the descriptors. Returns 0 or a negative errno. */
int hs_tool_start(const struct hs_tool *tool, struct hs_tool_run *run);

/* Takes what `end` holds, closes both descriptors and reaps the guardian, which is killed if it still lives. Returns
 * 1 with the end, 0 when the guardian left none. */
int hs_tool_finish(struct hs_tool_run *run, struct hs_tool_end *end);

#endif
