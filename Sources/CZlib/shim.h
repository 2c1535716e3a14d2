/* zlib, for the gzip streams of pprof files. Its init functions are macros that Swift does not import. */
#ifndef HEAPSCALE_ZLIB_H
#define HEAPSCALE_ZLIB_H

#include <zlib.h>

/* Begins deflating (`deflate` != 0) or inflating a gzip stream. Returns a Z_ code. */
static inline int hs_gzip_begin(z_stream *stream, int deflate) {
  const int gzip = 15 + 16;
  return deflate ? deflateInit2(stream, 6, Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY) : inflateInit2(stream, gzip);
}

#endif
