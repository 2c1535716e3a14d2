/* What the harness and heapscale-launch say to each other over a SOCK_SEQPACKET socket pair.
 *
 * One trial: START (with descriptors) -> FORKED -> GO -> STARTED -> [EXITING -> CONTINUE] -> EXITED.
 * A child that cannot be set up or executed answers FAILED instead of STARTED, then EXITED.
 * KILL may come at any time after START. End of file on the socket kills the tree and ends the helper. */
#ifndef HEAPSCALE_LAUNCH_PROTOCOL_H
#define HEAPSCALE_LAUNCH_PROTOCOL_H

#include <stdint.h>

#define HS_LAUNCH_VERSION 1u

enum hs_launch_kind {
  /* harness to helper */
  HS_LAUNCH_START = 1,
  HS_LAUNCH_GO = 2,
  HS_LAUNCH_CONTINUE = 3, /* let the process that waits in its exit stop go */
  HS_LAUNCH_KILL = 4,
  /* helper to harness */
  HS_LAUNCH_FORKED = 10, /* the child exists and blocks; attach to it now */
  HS_LAUNCH_STARTED = 11, /* exec has succeeded */
  HS_LAUNCH_FAILED = 12,  /* errno in `error`, the step in `stage` */
  HS_LAUNCH_EXITING = 13, /* the process has ended, but its memory is still there to be read */
  HS_LAUNCH_EXITED = 14   /* reaped, and every descendant is gone */
};

enum hs_launch_stage {
  HS_STAGE_SPEC = 1,
  HS_STAGE_FORK = 2,
  HS_STAGE_DESCRIPTORS = 3,
  HS_STAGE_DIRECTORY = 4,
  HS_STAGE_LIMITS = 5,
  HS_STAGE_AFFINITY = 6,
  HS_STAGE_PERSONALITY = 7,
  HS_STAGE_EXEC = 8
};

enum hs_launch_flag {
  HS_LAUNCH_EXIT_STOP = 1u,   /* stop at exit (ptrace), so that exact final figures can be read */
  HS_LAUNCH_NO_ASLR = 2u,     /* personality(ADDR_NO_RANDOMIZE) */
  HS_LAUNCH_NO_THP = 4u       /* prctl(PR_SET_THP_DISABLE) */
};

struct hs_launch_request {
  uint32_t version;
  uint32_t kind;
};

/* Head of the memfd that comes as the first descriptor of START. The strings follow it, each ended by NUL:
 * the path of the executable, the working directory (empty: the harness's), argc arguments, envc assignments.
 * The descriptors after the memfd become 0, 1, 2, ... of the child. */
struct hs_launch_spec {
  uint32_t version;
  uint32_t flags;
  uint32_t argc;
  uint32_t envc;
  uint64_t time_limit_ns;     /* 0: none */
  uint64_t address_space;     /* RLIMIT_AS in bytes; 0: as inherited */
  uint64_t affinity[16];      /* bit mask of CPUs 0..1023; all 0: as inherited */
  uint64_t strings_bytes;
};

struct hs_launch_event {
  uint32_t version;
  uint32_t kind;
  int32_t pid;
  int32_t status;    /* as wait4 gave it */
  int32_t error;     /* errno of FAILED */
  uint32_t stage;    /* enum hs_launch_stage of FAILED */
  uint32_t timed_out;
  uint32_t killed;    /* 1 after KILL */
  uint32_t leftovers; /* processes that outlived the child and were killed */
  uint32_t exit_stop; /* 1 when the exit stop was granted */
  uint64_t released_ns; /* CLOCK_MONOTONIC when the child was let go */
  uint64_t ended_ns;    /* when its end was seen */
  uint64_t user_ns;     /* resource usage of the child and of its descendants that it waited for */
  uint64_t system_ns;
  uint64_t maximum_resident_bytes;
  uint64_t faults_minor;
  uint64_t faults_major;
  uint64_t switches_voluntary;
  uint64_t switches_involuntary;
};

#endif
