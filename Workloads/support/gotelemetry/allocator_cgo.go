//go:build cgo

package gotelemetry

/*
#cgo CFLAGS: -D_GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

// The files that hold malloc and free, as the dynamic linker sees them; NULL in static programs, which are judged by
// what their own file holds.
static const char *file_of(int of_free) {
#ifdef HS_STATIC
	(void)of_free;
	return NULL;
#else
	Dl_info info;
	void *(*malloc_used)(size_t) = malloc;
	void (*free_used)(void *) = free;
	void *address = of_free ? *(void **)&free_used : *(void **)&malloc_used;
	return dladdr(address, &info) ? info.dli_fname : NULL;
#endif
}
*/
import "C"

// Says which files hold the malloc and free that C code calls.
func stateAllocator() {
	if file := C.file_of(0); file != nil {
		putText(&shared.mallocFile, C.GoString(file))
	}
	if file := C.file_of(1); file != nil {
		putText(&shared.freeFile, C.GoString(file))
	}
}
