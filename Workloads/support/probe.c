/* heapscale's probe: answers what the settings audit asks of the allocator that serves malloc in this process.
 *
 * It is built as every workload is, once for each variant, so that what it answers holds for them too. Each
 * argument is a request; each answer is one line on standard error. */
#include "probe.h"

int main(int argc, char **argv) {
  /* The allocator starts, and reads its settings, at the first call. */
  free(hs_probe_block(100, true));
  for (int i = 1; i < argc; i++) {
    if (!hs_probe_reply(argv[i])) return 1;
  }
  return 0;
}
