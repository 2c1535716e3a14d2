/* Symbols, inlined calls and lines of one ELF file and of its separate debug file, read with libdw.
 *
 * All addresses are those that stand in the ELF file. Texts live until the file is closed. */
#ifndef HEAPSCALE_SYMBOLS_H
#define HEAPSCALE_SYMBOLS_H

#include <stdint.h>

struct hs_symbol {
  uint64_t address;
  uint64_t size; /* 0: not stated */
  const char *name;
  uint32_t rank; /* of several at one address the highest is the best name: exported, local, label */
};

/* A function, or a call that was inlined into it. */
struct hs_source_frame {
  const char *name;        /* mangled where the compiler gave it such a name; NULL: not stated */
  const char *source_file; /* NULL: not stated */
  int32_t line;            /* 0: not stated */
};

/* Addresses that a compilation unit covers. */
struct hs_unit_range {
  uint64_t start;
  uint64_t end;
  uint64_t unit; /* for hs_source_frames */
};

/* Opens a file. NULL when it is no ELF file or cannot be read. */
void *hs_symbols_open(const char *path);
void hs_symbols_close(void *symbols);

/* How many symbols there are; then one of them. Returns 1, or 0 for one that is no code. */
uint32_t hs_symbols_count(void *symbols);
int hs_symbols_at(void *symbols, uint32_t index, struct hs_symbol *symbol);

/* Calls back with the ranges of every compilation unit; nothing without DWARF. */
void hs_symbols_units(void *symbols, void (*callback)(const struct hs_unit_range *, void *), void *context);

/* The inlined calls at an address, innermost first, and last the function itself. Returns how many, 0 for none. */
uint32_t hs_source_frames(void *symbols, uint64_t unit, uint64_t address, struct hs_source_frame *frames,
                          uint32_t capacity);

#endif
