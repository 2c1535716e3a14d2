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

/* In a forked process, after the allocator's own handler: what HEAPSCALE_ASK_FORKED asks, one request a line. */
static void hs_ask_forked(void) {
  char line[1400], answer[256], request[128];
  snprintf(line, sizeof line, "%d %s", (int)getpid(), hs_image);
  hs_probe_tell("forked", 0, line);
  const char *rest = getenv("HEAPSCALE_ASK_FORKED");
  while (rest && *rest) {
    size_t length = strcspn(rest, "\n");
    snprintf(request, sizeof request, "%.*s", (int)length, rest);
    if (hs_probe_answer(request, answer, sizeof answer) == 0) {
      snprintf(line, sizeof line, "%d %s=%s", (int)getpid(), request, answer);
      hs_probe_tell("in-fork", 0, line);
    }
    rest += length + (rest[length] == '\n');
  }
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
