/* What the harness and heapscale-launch say to each other over a SOCK_SEQPACKET socket pair.
 *
 * One trial: START (with descriptors) -> FORKED -> GO -> STARTED -> [EXITING -> CONTINUE] -> ENDED -> EXITED.
 * A child that cannot be set up or executed answers FAILED instead of STARTED, then EXITED.
 * With HS_LAUNCH_TREE every other process of the tree is told of, too: PROCESS -> [EXEC]... -> [EXITING -> CONTINUE]
 * -> ENDED, each with its pid; the root has no PROCESS. EXITING always waits for CONTINUE with the same pid.
 * KILL and ADOPT may come at any time after START. End of file on the socket kills the tree and ends the helper.
 * LOST comes at any time when the helper itself was killed, from its guardian, or when the guardian was killed, from the
 * helper, in place of EXITED; nothing follows it. */
#ifndef HEAPSCALE_LAUNCH_PROTOCOL_H
#define HEAPSCALE_LAUNCH_PROTOCOL_H

#include <stdint.h>

#define HS_LAUNCH_VERSION 4u

/* Room for the path of a program; a longer one is left empty. */
#define HS_LAUNCH_PATH_BYTES 1024

enum hs_launch_kind {
  /* harness to helper */
  HS_LAUNCH_START = 1,
  HS_LAUNCH_GO = 2,
  HS_LAUNCH_CONTINUE = 3, /* let the process `pid` that waits in its exit stop go */
  HS_LAUNCH_KILL = 4,
  HS_LAUNCH_ADOPT = 5,    /* follow `pid`, a descendant that nobody has told of */
  /* helper to harness */
  HS_LAUNCH_FORKED = 10, /* the child of the helper `parent` exists and blocks; attach to it now. in `flags`
                           HS_PROCESS_ADOPTED: forks by any thread are told of; HS_PROCESS_GROUPED */
  HS_LAUNCH_STARTED = 11, /* exec has succeeded */
  HS_LAUNCH_FAILED = 12,  /* errno in `error`, the step in `stage` */
  HS_LAUNCH_EXITING = 13, /* the process has ended, but its memory is still there to be read */
  HS_LAUNCH_EXITED = 14,  /* reaped, and every descendant is gone; figures are the whole tree's */
  HS_LAUNCH_PROCESS = 15, /* `pid` was forked by `parent` */
  HS_LAUNCH_EXEC = 16,    /* `pid` runs another program now, whose path follows */
  HS_LAUNCH_ENDED = 17,   /* `pid` is gone; figures are its own */
  HS_LAUNCH_LOST = 18     /* one of the two ended with `status`; `leftovers` were killed, `survivors` could not be */
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
  HS_LAUNCH_NO_THP = 4u,      /* prctl(PR_SET_THP_DISABLE) */
  HS_LAUNCH_TREE = 8u,        /* follow every process of the tree; needs HS_LAUNCH_EXIT_STOP */
  HS_LAUNCH_GROUP = 16u       /* the last descriptor is the folder of a control group (v2): the child is born into it */
};

/* How a process came to be known, and what it holds, in `flags` of PROCESS. */
enum hs_process_flag {
  HS_PROCESS_SHARES = 1u,  /* it uses its parent's memory until it calls exec (vfork) */
  HS_PROCESS_ADOPTED = 2u, /* it was found after its fork, which no traced thread made */
  HS_PROCESS_GROUPED = 4u  /* of FORKED: it was born into the group of HS_LAUNCH_GROUP, and need not be moved */
};

struct hs_launch_request {
  uint32_t version;
  uint32_t kind;
  int32_t pid; /* of CONTINUE and ADOPT */
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

/* In EXEC the path of the program follows, without NUL, in the same message. */
struct hs_launch_event {
  uint32_t version;
  uint32_t kind;
  int32_t pid;
  int32_t parent;
  int32_t status;    /* as wait4 gave it */
  int32_t error;     /* errno of FAILED */
  uint32_t stage;    /* enum hs_launch_stage of FAILED */
  uint32_t flags;    /* enum hs_process_flag of PROCESS and FORKED */
  uint32_t timed_out;
  uint32_t killed;    /* 1 after KILL */
  uint32_t leftovers; /* processes that outlived the root and were killed */
  uint32_t exit_stop; /* 1 when the exit stop was granted */
  uint32_t stops;     /* times that a traced thread had to wait for us: each is a voluntary switch */
  uint32_t survivors; /* processes that could not be ended: of another user, or in uninterruptible sleep */
  uint32_t unseen;    /* forks of which the kernel told too late; some processes may be missing */
  uint64_t at_ns;       /* CLOCK_MONOTONIC of what the event tells */
  uint64_t released_ns; /* CLOCK_MONOTONIC when the root was let go */
  uint64_t ended_ns;    /* when its end was seen */
  uint64_t cpu_ns;      /* by the scheduler's clock: the process's own, or in EXITED the sum over the tree's */
  uint64_t user_ns;     /* resource usage of the root and of all descendants, waited for or not; split by ticks */
  uint64_t system_ns;
  uint64_t maximum_resident_bytes; /* ru_maxrss: of the largest single process */
  uint64_t faults_minor;
  uint64_t faults_major;
  uint64_t switches_voluntary;
  uint64_t switches_involuntary;
};

#endif
