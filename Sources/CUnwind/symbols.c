#include "symbols.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct symbols {
  Dwfl *session;
  Dwfl_Module *module;
};

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

void *hs_symbols_open(const char *path) {
  struct symbols *symbols = calloc(1, sizeof *symbols);
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (symbols) symbols->session = dwfl_begin(&callbacks);
  if (fd >= 0 && symbols && symbols->session) {
    dwfl_report_begin(symbols->session);
    /* At address 0 with the file's own addresses on top: what libdw calls an address is what the file says. */
    symbols->module = dwfl_report_elf(symbols->session, path, path, fd, 0, 1);
    dwfl_report_end(symbols->session, NULL, NULL);
  }
  if (symbols && symbols->module) return symbols; /* libdw has taken the descriptor */
  if (fd >= 0) close(fd);
  hs_symbols_close(symbols);
  return NULL;
}

void hs_symbols_close(void *opaque) {
  struct symbols *symbols = opaque;
  if (!symbols) return;
  if (symbols->session) dwfl_end(symbols->session);
  free(symbols);
}

uint32_t hs_symbols_count(void *opaque) {
  int count = dwfl_module_getsymtab(((struct symbols *)opaque)->module);
  return count > 0 ? (uint32_t)count : 0;
}

int hs_symbols_at(void *opaque, uint32_t index, struct hs_symbol *symbol) {
  GElf_Sym raw;
  GElf_Addr address;
  GElf_Word section;
  Dwfl_Module *module = ((struct symbols *)opaque)->module;
  const char *name = dwfl_module_getsym_info(module, (int)index, &raw, &address, &section, NULL, NULL);
  int type = GELF_ST_TYPE(raw.st_info), binding = GELF_ST_BIND(raw.st_info);
  int is_code = type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE;
  if (!name || !*name || !is_code || section == SHN_UNDEF || section == SHN_ABS) return 0;
  /* Weak is no worse: glibc's calloc is a weak name of __libc_calloc. */
  uint32_t rank = binding == STB_GLOBAL || binding == STB_WEAK ? 2 : 1;
  *symbol = (struct hs_symbol){address, raw.st_size, name, type == STT_NOTYPE ? 0 : rank};
  return 1;
}

void hs_symbols_units(void *opaque, void (*callback)(const struct hs_unit_range *, void *), void *context) {
  struct symbols *symbols = opaque;
  Dwarf_Addr bias = 0;
  Dwarf_Die *unit = NULL;
  while ((unit = dwfl_module_nextcu(symbols->module, unit, &bias))) {
    Dwarf_Addr base, start, end;
    ptrdiff_t place = 0;
    while ((place = dwarf_ranges(unit, place, &base, &start, &end)) > 0) {
      struct hs_unit_range range = {start + bias, end + bias, dwarf_dieoffset(unit)};
      callback(&range, context);
    }
  }
}

/* A text among the DIE's attributes, also where the DIE only refers to the one that has it. */
static const char *text(Dwarf_Die *die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Attribute *found = dwarf_attr_integrate(die, name, &attribute);
  return found ? dwarf_formstring(found) : NULL;
}

static const char *linkage_name(Dwarf_Die *die) {
  const char *name = text(die, DW_AT_linkage_name);
  if (!name) name = text(die, DW_AT_MIPS_linkage_name);
  return name ? name : dwarf_diename(die);
}

static uint64_t number(Dwarf_Die *die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  return dwarf_formudata(dwarf_attr(die, name, &attribute), &value) == 0 ? value : 0;
}

/* Where an inlined call stands. */
static void call_site(Dwarf_Die *unit, Dwarf_Die *call, struct hs_source_frame *frame) {
  Dwarf_Files *files = NULL;
  size_t count = 0;
  uint64_t file = number(call, DW_AT_call_file);
  frame->line = (int32_t)number(call, DW_AT_call_line);
  frame->source_file = NULL;
  if (dwarf_getsrcfiles(unit, &files, &count) == 0 && file < count)
    frame->source_file = dwarf_filesrc(files, file, NULL, NULL);
}

uint32_t hs_source_frames(void *opaque, uint64_t offset, uint64_t address, struct hs_source_frame *frames,
                          uint32_t capacity) {
  Dwarf_Addr bias = 0;
  Dwarf_Die unit, *innermost = NULL, *scopes = NULL;
  Dwarf *dwarf = dwfl_module_getdwarf(((struct symbols *)opaque)->module, &bias);
  if (!dwarf || !capacity || !dwarf_offdie(dwarf, offset, &unit)) return 0;
  struct hs_source_frame place = {0};
  Dwarf_Line *line = dwarf_getsrc_die(&unit, address - bias);
  if (line) {
    place.source_file = dwarf_linesrc(line, NULL, NULL);
    dwarf_lineno(line, &place.line);
  }
  uint32_t count = 0;
  /* The first list follows what is visible, the second one what holds the code: inlined calls need the second. */
  if (dwarf_getscopes(&unit, address - bias, &innermost) > 0) {
    int depth = dwarf_getscopes_die(&innermost[0], &scopes);
    for (int i = 0; i < depth && count < capacity; i++) {
      int tag = dwarf_tag(&scopes[i]);
      if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
      place.name = linkage_name(&scopes[i]);
      frames[count++] = place;
      if (tag == DW_TAG_subprogram) break;
      call_site(&unit, &scopes[i], &place);
    }
  }
  if (!count && line) frames[count++] = place;
  free(scopes);
  free(innermost);
  return count;
}
