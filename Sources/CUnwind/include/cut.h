/* Files that somebody cuts short while they are mapped here.
 *
 * A page beyond the end of its file raises SIGBUS, which ends the process. While a mapping is noted, or the thread says that
 * it reads mapped files (libdw maps them by itself), such a page reads as zeros instead. Everywhere else SIGBUS does what it
 * did before: SQLite's mappings are not to be made up. Why C: what a signal handler may do cannot be said in Swift. */
#ifndef HEAPSCALE_CUT_H
#define HEAPSCALE_CUT_H

#include <stddef.h>

/* Notes a mapping. Returns its number for the next two, or -1 when there is no room; it is not protected then. */
int hs_cut_note(const void *start, size_t length);

/* Whether a page of it was missing. */
int hs_cut_happened(int number);

/* Before it is unmapped. */
void hs_cut_forget(int number);

/* This thread reads mapped files from here on, up to the matching end; the pair nests. `end` returns 1 when a page was
 * missing since the outermost `begin`. */
void hs_cut_begin(void);
int hs_cut_end(void);

#endif
