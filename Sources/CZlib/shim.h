// zlib as Swift sees it, with the initialisers that are macros in C.
#ifndef BARTIZAN_CZLIB_SHIM_H
#define BARTIZAN_CZLIB_SHIM_H

#include <zlib.h>

/// Raw deflate (RFC 1951): no zlib or gzip header.
static inline int bartizan_inflate_raw_begin(z_streamp stream) {
  return inflateInit2(stream, -MAX_WBITS);
}

static inline int bartizan_deflate_raw_begin(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}

#endif
