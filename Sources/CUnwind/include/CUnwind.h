/* Unwinding of sampled stacks with libunwind, symbols with libdw, and the demanglers of the runtimes we link.
 *
 * Why C: libunwind's remote interface is made of callbacks and of macros that choose the architecture; libdw's
 * structures hold unions that do not import. What to read, what to keep and what a stack's end means is decided
 * in Swift. */
#ifndef HEAPSCALE_CUNWIND_H
#define HEAPSCALE_CUNWIND_H

#include <stdint.h>

#include "cut.h"
#include "symbols.h"

/* The version of libunwind that is linked, as major * 100 + minor. */
int hs_unwind_version(void);

/* ---- the program, as far as the unwinder reads it */

/* Bytes of a file that stand at an address. */
struct hs_unwind_segment {
  uint64_t start;       /* address in the process */
  uint64_t length;      /* in memory; what the file does not cover reads as 0 */
  const uint8_t *bytes; /* `filled` bytes from the file */
  uint64_t filled;
};

/* A mapped file. Modules are sorted by `start` and do not overlap. */
struct hs_unwind_module {
  uint64_t start;
  uint64_t end;
  const struct hs_unwind_segment *segments;
  uint32_t segment_count;
  uint64_t foreign_start; /* code of it that is unwound elsewhere: stop there and say so */
  uint64_t foreign_end;
  uint64_t jumps_start; /* its procedure linkage table: static programs have no unwind entries for it */
  uint64_t jumps_end;
  uint64_t table;        /* address of the sorted table of pairs of int32; 0: none */
  uint64_t table_pairs;
  uint64_t table_base;   /* address that the pairs are relative to */
};

/* ---- a sample */

enum { HS_UNWIND_REGISTERS = 34 };

/* Registers by libunwind's numbers (which are DWARF's); see hs_unwind_register_of_perf. */
struct hs_unwind_sample {
  uint64_t registers[HS_UNWIND_REGISTERS];
  uint64_t stack_start;
  const uint8_t *stack;
  uint64_t stack_length;
};

struct hs_unwind_frame {
  uint64_t instruction; /* where it is, or where it returns to */
  uint32_t is_exact;    /* 1: the instruction itself; 0: a return address, the call stands before it */
  uint32_t module;      /* index of its module, or UINT32_MAX */
};

/* Why no further frame was found. */
enum hs_unwind_end {
  HS_UNWIND_ROOT = 0,      /* the tables say that nothing called it, or the return address is 0 */
  HS_UNWIND_NO_MODULE = 1, /* no file is mapped there */
  HS_UNWIND_NO_TABLE = 2,  /* the file has no unwind entry for it */
  HS_UNWIND_SHORT = 3,     /* the next frame lies beyond the bytes of the dump */
  HS_UNWIND_BROKEN = 4,    /* the stack does not grow, or the tables make no sense */
  HS_UNWIND_DEEP = 5,      /* more frames than there is room for */
  HS_UNWIND_FOREIGN = 6    /* in foreign code: go on with `last` */
};

struct hs_unwind_result {
  uint32_t count;
  uint32_t end;
  uint64_t last[HS_UNWIND_REGISTERS]; /* sp, frame pointer and ip of the last frame, when HS_UNWIND_FOREIGN */
};

/* libunwind's number of a register that perf_event_open(2) dumps under a bit (asm/perf_regs.h); -1 for none. */
int hs_unwind_register_of_perf(int bit);
int hs_unwind_ip(void);
int hs_unwind_sp(void);
int hs_unwind_fp(void);

/* A space keeps libunwind's cache of rules by address: one for each process image. NULL when memory is short.
 * Forget the cache whenever a mapping has changed. */
void *hs_unwind_open(void);
void hs_unwind_forget(void *space);
void hs_unwind_close(void *space);

/* Unwinds one sample, the innermost frame first. */
void hs_unwind(void *space, const struct hs_unwind_module *modules, uint32_t module_count,
               const struct hs_unwind_sample *given, struct hs_unwind_frame *frames, uint32_t capacity,
               struct hs_unwind_result *result);

/* ---- names */

/* Demangles a C++ (and older Rust) or a Swift name: text to be freed with free(), or NULL when it is none. */
char *hs_demangle_cxx(const char *name);
char *hs_demangle_swift(const char *name);

#endif
