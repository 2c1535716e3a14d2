//go:build cgo

package main

/*
#cgo CFLAGS: -D_GNU_SOURCE
#include <stdlib.h>
#include "../probe.h"

static int ask(const char *request, char *value, size_t capacity) { return hs_probe_answer(request, value, capacity); }
*/
import "C"

import "unsafe"

// Passes a request on to C, where malloc is.
func askC(request string) (value, reason string) {
	text := C.CString(request)
	defer C.free(unsafe.Pointer(text))
	var answer [512]C.char
	none := C.ask(text, &answer[0], C.size_t(len(answer)))
	if none != 0 {
		return "", C.GoString(&answer[0])
	}
	return C.GoString(&answer[0]), ""
}
