/* heapscale's probe: answers what the settings audit asks of the allocator that serves malloc in this process.
 *
 * It is built as every workload is, once for each variant, so that what it answers holds for them too. Each
 * argument is a request; each answer is one line on standard error. */
#include "probe.h"

int main(int argc, char **argv) {
  char value[1024], line[2048];
  /* The allocator starts, and reads its settings, at the first call. */
  free(hs_probe_block(100, true));
  for (int i = 1; i < argc; i++) {
    int result = hs_probe_answer(argv[i], value, sizeof value);
    int length = snprintf(line, sizeof line, "heapscale-probe\t%s\t%s\t%s\n", argv[i], result == 0 ? "ok" : "none", value);
    if (length >= (int)sizeof line) length = (int)sizeof line - 1;
    if (write(2, line, (size_t)length) != length) return 1;
  }
  return 0;
}
