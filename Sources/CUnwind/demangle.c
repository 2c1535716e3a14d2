#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "CUnwind.h"

/* Exported by libstdc++ (its header is C++) and by the Swift runtime (which has none). */
extern char *__cxa_demangle(const char *name, char *buffer, size_t *length, int *status);
extern char *swift_demangle(const char *name, size_t length, char *buffer, size_t *buffer_length, uint32_t flags);

char *hs_demangle_cxx(const char *name) {
  int status = 0;
  return __cxa_demangle(name, NULL, NULL, &status);
}

char *hs_demangle_swift(const char *name) { return swift_demangle(name, strlen(name), NULL, NULL, 0); }
