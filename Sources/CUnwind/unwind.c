#include "CUnwind.h"

#include <libunwind.h>

int hs_unwind_version(void) { return UNW_VERSION_MAJOR * 100 + UNW_VERSION_MINOR; }
