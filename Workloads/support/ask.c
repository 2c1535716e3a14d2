/* heapscale's library that asks in the user's own program: it is preloaded, answers what HEAPSCALE_ASK asks, one
 * request a line, and ends the process before the program's own code begins.
 *
 * HEAPSCALE_ASK_IN names the program file of the image that is asked, for commands that reach it through others; in
 * those nothing happens. With HEAPSCALE_ASK=images nothing ends: every image says what it is, when it forks without
 * exec, and at its exit how large it was and what it had mapped. */
#include "probe.h"

static char hs_image[1024];

/* At the end of an image: how large it was, and what is mapped in it. */
static void hs_ask_end(void) {
  char line[1200], last[1200] = "";
  long peak = 0;
  FILE *file = fopen("/proc/self/status", "re");
  while (file && fgets(line, sizeof line, file)) {
    if (sscanf(line, "VmHWM: %ld", &peak) == 1) break;
  }
  if (file) fclose(file);
  snprintf(line, sizeof line, "%d %ld", (int)getpid(), peak);
  hs_probe_tell("peak", 0, line);
  file = fopen("/proc/self/maps", "re");
  while (file && fgets(line, sizeof line, file)) {
    char *path = strchr(line, '/');
    if (!path) continue;
    path[strcspn(path, "\n")] = '\0';
    if (strcmp(path, last) == 0) continue;
    strcpy(last, path);
    hs_probe_tell("mapped", 0, path);
  }
  if (file) fclose(file);
}

static void hs_ask_forked(void) {
  char pid[32];
  snprintf(pid, sizeof pid, "%d", (int)getpid());
  hs_probe_tell("forked", 0, pid);
}

__attribute__((constructor)) static void hs_ask(void) {
  const char *requests = getenv("HEAPSCALE_ASK"), *image = getenv("HEAPSCALE_ASK_IN");
  if (!requests || readlink("/proc/self/exe", hs_image, sizeof hs_image - 1) < 0) return;
  /* The allocator starts, and reads its settings, at the first call; its handlers of fork come before ours. */
  free(hs_probe_block(100, true));
  if (strcmp(requests, "images") == 0) {
    char line[1200];
    snprintf(line, sizeof line, "%d %s", (int)getpid(), hs_image);
    hs_probe_tell("image", 0, line);
    pthread_atfork(NULL, NULL, hs_ask_forked);
    atexit(hs_ask_end);
    return;
  }
  if (image && strcmp(image, hs_image) != 0) return;
  char *rest = strdup(requests), *request;
  while (rest && (request = strsep(&rest, "\n"))) {
    if (*request) hs_probe_reply(request);
  }
  _exit(0);
}
