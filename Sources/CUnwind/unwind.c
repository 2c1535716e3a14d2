#include "CUnwind.h"

#include <libunwind.h>
#include <string.h>

/* libunwind exports this search through a sorted table for its remote users, but no header declares it. */
#define search_table UNW_OBJ(dwarf_search_unwind_table)
extern int search_table(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int, void *);

struct context {
  const struct hs_unwind_module *modules;
  uint32_t module_count;
  const struct hs_unwind_sample *sample;
  int table_missing;
  int beyond_dump;
};

int hs_unwind_version(void) { return UNW_VERSION_MAJOR * 100 + UNW_VERSION_MINOR; }

int hs_unwind_ip(void) { return UNW_REG_IP; }

int hs_unwind_sp(void) { return UNW_REG_SP; }

#if defined(__x86_64__)
int hs_unwind_fp(void) { return UNW_X86_64_RBP; }

/* AX BX CX DX SI DI BP SP IP, then flags and segments, R8 to R15 from bit 16. */
int hs_unwind_register_of_perf(int bit) {
  static const signed char low[] = {UNW_X86_64_RAX, UNW_X86_64_RBX, UNW_X86_64_RCX, UNW_X86_64_RDX, UNW_X86_64_RSI,
                                    UNW_X86_64_RDI, UNW_X86_64_RBP, UNW_X86_64_RSP, UNW_X86_64_RIP};
  if (bit >= 0 && bit < (int)sizeof low) return low[bit];
  return bit >= 16 && bit < 24 ? UNW_X86_64_R8 + bit - 16 : -1;
}
#elif defined(__aarch64__)
int hs_unwind_fp(void) { return UNW_AARCH64_X29; }

/* X0 to X30, SP, PC: the same order. */
int hs_unwind_register_of_perf(int bit) { return bit >= 0 && bit <= 32 ? bit : -1; }
#else
#error "say how perf's registers map to libunwind's"
#endif

/* Index of the module that holds an address, or UINT32_MAX. */
static uint32_t find_module(const struct context *context, uint64_t address) {
  uint32_t low = 0, high = context->module_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (context->modules[middle].end <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low < context->module_count && context->modules[low].start <= address ? low : UINT32_MAX;
}

static int read_segment(const struct hs_unwind_module *module, uint64_t address, unw_word_t *value) {
  for (uint32_t i = 0; i < module->segment_count; i++) {
    const struct hs_unwind_segment *segment = &module->segments[i];
    uint64_t offset = address - segment->start;
    if (address < segment->start || offset >= segment->length) continue;
    *value = 0;
    if (offset >= segment->filled) return 0;
    uint64_t left = segment->filled - offset;
    memcpy(value, segment->bytes + offset, left < sizeof *value ? left : sizeof *value);
    return 0;
  }
  return -UNW_EINVAL;
}

static int access_mem(unw_addr_space_t space, unw_word_t address, unw_word_t *value, int write, void *argument) {
  struct context *context = argument;
  (void)space;
  if (write) return -UNW_EINVAL;
  uint64_t offset = address - context->sample->stack_start;
  uint64_t length = context->sample->stack_length;
  if (address >= context->sample->stack_start && length >= sizeof *value && offset <= length - sizeof *value) {
    memcpy(value, context->sample->stack + offset, sizeof *value);
    return 0;
  }
  uint32_t module = find_module(context, address);
  if (module != UINT32_MAX) return read_segment(&context->modules[module], address, value);
  /* A frame that large does not exist; farther away it is a wrong address and not a short dump. */
  if (address >= context->sample->stack_start && offset < length + (64u << 20)) context->beyond_dump = 1;
  return -UNW_EINVAL;
}

static int access_reg(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write, void *argument) {
  struct context *context = argument;
  (void)space;
  if (write || number < 0 || number >= HS_UNWIND_REGISTERS) return -UNW_EBADREG;
  *value = context->sample->registers[number];
  return 0;
}

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int need, void *argument) {
  struct context *context = argument;
  uint32_t index = find_module(context, ip);
  int result = -UNW_ENOINFO;
  if (index != UINT32_MAX && context->modules[index].table_pairs) {
    const struct hs_unwind_module *module = &context->modules[index];
    unw_dyn_info_t table = {.start_ip = module->start, .end_ip = module->end};
    table.format = UNW_INFO_FORMAT_REMOTE_TABLE;
    table.u.rti.segbase = module->table_base;
    table.u.rti.table_data = module->table;
    table.u.rti.table_len = module->table_pairs * 8 / sizeof(unw_word_t);
    result = search_table(space, ip, &table, info, need, argument);
  }
  if (result < 0) context->table_missing = 1;
  return result;
}

static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *argument) {
  (void)space, (void)info, (void)argument;
}

static int get_dyn_info_list(unw_addr_space_t space, unw_word_t *address, void *argument) {
  (void)space, (void)address, (void)argument;
  return -UNW_ENOINFO;
}

static int access_fpreg(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write, void *argument) {
  (void)space, (void)number, (void)value, (void)write, (void)argument;
  return -UNW_EBADREG;
}

static int resume(unw_addr_space_t space, unw_cursor_t *cursor, void *argument) {
  (void)space, (void)cursor, (void)argument;
  return -UNW_EINVAL;
}

static int get_proc_name(unw_addr_space_t space, unw_word_t address, char *buffer, size_t length, unw_word_t *offset,
                         void *argument) {
  (void)space, (void)address, (void)buffer, (void)length, (void)offset, (void)argument;
  return -UNW_ENOINFO;
}

static unw_accessors_t accessors = {
    .find_proc_info = find_proc_info,
    .put_unwind_info = put_unwind_info,
    .get_dyn_info_list_addr = get_dyn_info_list,
    .access_mem = access_mem,
    .access_reg = access_reg,
    .access_fpreg = access_fpreg,
    .resume = resume,
    .get_proc_name = get_proc_name,
};

void *hs_unwind_open(void) {
  unw_addr_space_t space = unw_create_addr_space(&accessors, 0);
  /* Global means one cache for this space; the other policy shares one cache among all spaces of a thread. */
  if (space) unw_set_caching_policy(space, UNW_CACHE_GLOBAL);
  return space;
}

void hs_unwind_forget(void *space) { unw_flush_cache(space, 0, 0); }

void hs_unwind_close(void *space) { unw_destroy_addr_space(space); }

/* Whether the code at an address is the beginning of a linkage stub, which has not yet moved the stack pointer. */
static int is_stub(struct context *context, uint64_t address) {
  uint32_t index = find_module(context, address);
  if (index == UINT32_MAX) return 0;
  const struct hs_unwind_module *module = &context->modules[index];
  unw_word_t code = 0;
  if (address < module->jumps_start || address >= module->jumps_end) return 0;
  if (read_segment(module, address, &code) != 0) return 0;
#if defined(__x86_64__)
  /* jmp *offset(%rip), the same with a BND prefix, endbr64 */
  return (code & 0xffff) == 0x25ff || (code & 0xffffff) == 0x25fff2 || (code & 0xffffffff) == 0xfa1e0ff3;
#else
  return 0;
#endif
}

/* Begins with the caller of a stub: the return address lies on top of the stack. Returns 0, or -1. */
static int leave_stub(struct context *context, unw_addr_space_t space, struct hs_unwind_sample *sample,
                      unw_cursor_t *cursor) {
  unw_word_t caller = 0;
  uint64_t *registers = sample->registers;
  if (!is_stub(context, registers[UNW_REG_IP])) return -1;
  if (access_mem(space, registers[UNW_REG_SP], &caller, 0, context) != 0 || caller == 0) return -1;
  registers[UNW_REG_SP] += sizeof caller;
  registers[UNW_REG_IP] = caller - 1; /* the call, for a cursor that takes its address for exact */
  return unw_init_remote(cursor, space, context) == 0 ? 0 : -1;
}

/* Goes to the caller's frame; -1 when there is one, otherwise why there is none. */
static int step(struct context *context, unw_cursor_t *cursor, uint32_t *is_exact) {
  unw_word_t before = 0, after = 0;
  int is_signal = unw_is_signal_frame(cursor) > 0;
  unw_get_reg(cursor, UNW_REG_SP, &before);
  context->table_missing = context->beyond_dump = 0;
  int result = unw_step(cursor);
  /* Without an entry libunwind guesses from the frame pointer; only its knowledge of signal frames is one. */
  if (context->table_missing && !is_signal) return HS_UNWIND_NO_TABLE;
  if (context->beyond_dump && result <= 0) return HS_UNWIND_SHORT;
  if (result == 0) return HS_UNWIND_ROOT;
  if (result < 0) return HS_UNWIND_BROKEN;
  *is_exact = is_signal;
  unw_get_reg(cursor, UNW_REG_SP, &after);
  /* Signals may run on a stack of their own, above or below. */
  return after > before || is_signal ? -1 : HS_UNWIND_BROKEN;
}

static void keep_registers(unw_cursor_t *cursor, uint64_t *registers) {
  const int kept[] = {UNW_REG_IP, UNW_REG_SP, hs_unwind_fp()};
  for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++) {
    unw_word_t value = 0;
    if (unw_get_reg(cursor, kept[i], &value) == 0) registers[kept[i]] = value;
  }
}

void hs_unwind(void *space, const struct hs_unwind_module *modules, uint32_t module_count,
               const struct hs_unwind_sample *given, struct hs_unwind_frame *frames, uint32_t capacity,
               struct hs_unwind_result *result) {
  struct hs_unwind_sample sample = *given;
  struct context context = {modules, module_count, &sample, 0, 0};
  unw_cursor_t cursor;
  uint32_t is_exact = 1, after_stub = 0;
  memset(result, 0, sizeof *result);
  if (unw_init_remote(&cursor, space, &context) != 0) {
    result->end = HS_UNWIND_BROKEN;
    return;
  }
  for (;;) {
    unw_word_t ip = 0;
    unw_get_reg(&cursor, UNW_REG_IP, &ip);
    ip += after_stub;
    after_stub = 0;
    result->end = ip == 0 ? HS_UNWIND_ROOT : HS_UNWIND_DEEP;
    if (ip == 0 || result->count == capacity) return;
    uint64_t place = is_exact ? ip : ip - 1; /* a call may be the last instruction of its function */
    uint32_t module = find_module(&context, place);
    frames[result->count++] = (struct hs_unwind_frame){ip, is_exact, module};
    result->end = module == UINT32_MAX ? HS_UNWIND_NO_MODULE : HS_UNWIND_FOREIGN;
    if (module == UINT32_MAX) return;
    if (place >= modules[module].foreign_start && place < modules[module].foreign_end) {
      keep_registers(&cursor, result->last);
      return;
    }
    int end = step(&context, &cursor, &is_exact);
    if (end == HS_UNWIND_NO_TABLE && result->count == 1 && leave_stub(&context, space, &sample, &cursor) == 0) {
      after_stub = 1;
      is_exact = 0;
      end = -1;
    }
    result->end = end < 0 ? HS_UNWIND_DEEP : (uint32_t)end;
    if (end >= 0) return;
  }
}
