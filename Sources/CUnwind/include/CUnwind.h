/* Unwinding of sampled stacks with libunwind, and symbols with libdw.
 *
 * Why C: libunwind's remote interface is made of callbacks and of macros that choose the architecture. */
#ifndef HEAPSCALE_CUNWIND_H
#define HEAPSCALE_CUNWIND_H

#include <stdint.h>

/* The version of libunwind that is linked, as major * 100 + minor. */
int hs_unwind_version(void);

#endif
